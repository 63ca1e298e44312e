#!/usr/bin/env node
// Whether every package.json names this repository on GitHub; a provenance statement is refused where one does not.
//   node scripts/repository.mjs [--write] OWNER/NAME
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOST = 'https://github.com/';
const FIELDS = /(?<="(?:homepage|bugs|url)": "(?:git\+)?https:\/\/github\.com\/)[^/"]+\/[^/"#.]+/g;

const words = process.argv.slice(2);
const wanted = words.findLast((word) => word !== '--write') ?? '';

if (!/^[\w-]+\/[\w-]+$/.test(wanted)) {
  console.error(`usage: node scripts/repository.mjs [--write] OWNER/NAME, got ${JSON.stringify(wanted)}`);
  process.exitCode = 2;
} else {
  process.exitCode = words.includes('--write') ? write() : check();
}

function write() {
  for (const path of manifests()) writeFileSync(path, readFileSync(path, 'utf8').replace(FIELDS, wanted));
  return 0;
}

function check() {
  const others = manifests().filter((path) => !namesIt(readFileSync(path, 'utf8')));
  for (const path of others) console.error(`${path} does not name ${HOST}${wanted}`);
  if (others.length > 0) console.error(`next: node scripts/repository.mjs --write ${wanted}`);
  return others.length > 0 ? 1 : 0;
}

function namesIt(text) {
  const named = text.match(FIELDS) ?? [];
  return JSON.parse(text).repository?.url === `git+${HOST}${wanted}.git` && named.every((name) => name === wanted);
}

/** Of the root and of every package that is published. */
function manifests() {
  const packages = readdirSync(join(ROOT, 'packages')).map((folder) => join(ROOT, 'packages', folder, 'package.json'));
  const published = packages.filter((path) => existsSync(path) && !JSON.parse(readFileSync(path, 'utf8')).private);
  return [join(ROOT, 'package.json'), ...published];
}
