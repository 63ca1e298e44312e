#!/usr/bin/env node
// Puts the version of @csa/cli where it stands in text: the plugin, its launcher, the action, and the pages about them.
//   node scripts/versions.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NUMBER = String.raw`\d+\.\d+\.\d+(?:-[\w.]+)?`;
/** Each with what stands before the version; every one of its places is meant. */
const PLACES = [
  ['.claude-plugin/plugin.json', '"version": "'],
  ['bin/csa', 'version='],
  ['action.yml', String.raw`default: (?=\d+\.)`],
  ['docs/ci.md', '/csa@v'],
];

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const { version } = JSON.parse(readFileSync(path('packages/cli/package.json'), 'utf8'));

for (const [file, before] of PLACES) {
  const text = readFileSync(path(file), 'utf8');
  const changed = text.replace(new RegExp(`(${before})${NUMBER}`, 'g'), `$1${version}`);
  if (!changed.includes(version)) throw new Error(`${file} names no version`);
  writeFileSync(path(file), changed);
}
