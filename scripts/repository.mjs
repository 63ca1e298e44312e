#!/usr/bin/env node
// Whether every package.json names this repository on GitHub; a provenance statement is refused where one does not.
//   node scripts/repository.mjs [--write] OWNER/NAME
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const words = process.argv.slice(2);
const wanted = words.findLast((word) => word !== '--write') ?? '';

if (!/^[\w-]+\/[\w-]+$/.test(wanted)) {
  console.error(`usage: node scripts/repository.mjs [--write] OWNER/NAME, got ${JSON.stringify(wanted)}`);
  process.exitCode = 2;
} else {
  process.exitCode = words.includes('--write') ? write() : check();
}

function write() {
  for (const folder of folders()) {
    const { name, version, private: hidden, description, license, ...rest } = read(folder);
    for (const field of Object.keys(fieldsOf(folder))) delete rest[field];
    const manifest = { name, version, private: hidden, description, license, ...fieldsOf(folder), ...rest };
    writeFileSync(pathOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  return 0;
}

function check() {
  const others = folders().filter((folder) => !isNamed(read(folder), fieldsOf(folder)));
  for (const folder of others) console.error(`${pathOf(folder)} does not name https://github.com/${wanted}`);
  if (others.length > 0) console.error(`next: node scripts/repository.mjs --write ${wanted}`);
  return others.length > 0 ? 1 : 0;
}

function isNamed(manifest, fields) {
  return Object.entries(fields).every(([field, value]) => JSON.stringify(manifest[field]) === JSON.stringify(value));
}

/** `folder`: of a package; empty for the root. */
function fieldsOf(folder) {
  const page = `https://github.com/${wanted}`;
  const repository = { type: 'git', url: `git+${page}.git` };
  return folder === ''
    ? { homepage: `${page}#readme`, bugs: `${page}/issues`, repository }
    : {
        homepage: `${page}/tree/main/${folder}#readme`,
        bugs: `${page}/issues`,
        repository: { ...repository, directory: folder },
      };
}

/** The root, and every package that is published. */
function folders() {
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`);
  return ['', ...packages.filter((folder) => existsSync(pathOf(folder)) && !read(folder).private)];
}

function read(folder) {
  return JSON.parse(readFileSync(pathOf(folder), 'utf8'));
}

function pathOf(folder) {
  return join(ROOT, folder, 'package.json');
}
