// Writes docs/commands/ from the built commands' manifest; with --check it only says which pages are not current.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandPage } from './command-page.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const PAGES = fileURLToPath(new URL('../../../docs/commands/', import.meta.url));

const pages = wantedPages(JSON.parse(readFileSync(join(PACKAGE, 'oclif.manifest.json'), 'utf8')));
const present = existsSync(PAGES) ? readdirSync(PAGES) : [];
const stale = [
  ...present.filter((name) => !pages.has(name)),
  ...Array.from(pages.keys()).filter((name) => !present.includes(name) || readPage(name) !== pages.get(name)),
];

if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`not current: ${stale.sort().join(', ')}. Run: node packages/cli/scripts/write-command-pages.mjs`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(PAGES, { recursive: true });
  for (const name of stale) {
    if (pages.has(name)) writeFileSync(join(PAGES, name), pages.get(name));
    else rmSync(join(PAGES, name));
  }
}

/** @returns {Map<string, string>} each page by its file's name, the index among them */
function wantedPages({ commands }) {
  const known = Object.values(commands)
    .filter((command) => !command.hidden)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const pages = new Map(known.map((command) => [fileName(command), commandPage(command)]));
  const rows = known.map(
    (command) => `| [csa ${command.id.replaceAll(':', ' ')}](${fileName(command)}) | ${command.summary} |`,
  );
  const intro = 'Each page is made from the command’s own definition, as `--help` is.';
  pages.set(
    'README.md',
    `${['# Commands', intro, ['| Command | What it does |', '| --- | --- |', ...rows].join('\n')].join('\n\n')}\n`,
  );
  return pages;
}

function fileName({ id }) {
  return `${id.replaceAll(':', '-')}.md`;
}

function readPage(name) {
  return readFileSync(join(PAGES, name), 'utf8');
}
