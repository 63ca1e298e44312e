import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shippedDependencies } from './floors.ts';
import { readPackages } from './workspace.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

/** Floor by package; what is only for tests stands above all, so that nothing depends on it. */
const TABLE = new Map(
  Array.from(PAGE.matchAll(/^\| (\d|-) +\| `(@csa\/\w+)` +\|/gm), ([, floor, name = '']) => [
    name,
    floor === '-' ? Number.POSITIVE_INFINITY : Number(floor),
  ]),
);
/** The one exception, which the page names. */
const PUT_TOGETHER = '@csa/cli @csa/mcp';

describe.each(readPackages())('the table of packages has $manifest.name', ({ manifest }) => {
  it('and everything that it depends on on a floor below', () => {
    expect([...TABLE.keys()]).toContain(manifest.name);
    const ours = shippedDependencies(manifest).filter((name) => name.startsWith('@csa/'));
    const below = ours.filter((name) => (TABLE.get(name) ?? Number.NaN) < (TABLE.get(manifest.name) ?? Number.NaN));
    expect(ours.filter((name) => `${manifest.name} ${name}` !== PUT_TOGETHER)).toEqual(
      below.filter((name) => `${manifest.name} ${name}` !== PUT_TOGETHER),
    );
  });
});

it.each([
  ['docs/architecture.md', /^\| [\d-] +\| `(@csa\/\w+)` +\|/gm],
  ['README.md', /^\| [\d-] +\| \[`(@csa\/\w+)`\]\(packages\/\w+\) +\|/gm],
])('%s has each package in its table, once', (page, row) => {
  const rows = Array.from(readFileSync(join(ROOT, page), 'utf8').matchAll(row), ([, name]) => name);
  expect(rows.toSorted()).toEqual(
    readPackages()
      .map(({ manifest }) => manifest.name)
      .toSorted(),
  );
});

const FOLDERS = readPackages().map(({ folder }) => `packages/${folder}`);

it.each(FOLDERS)('every file that the tables of %s/README.md name is there', (folder) => {
  const text = readFileSync(join(ROOT, folder, 'README.md'), 'utf8');
  const cells = Array.from(text.matchAll(/^\| ([^|]+)/gm), ([, cell = '']) => cell);
  const names = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`((?:bin|src|scripts)\/[^`]*)`/g), ([, name = '']) => name),
  );
  expect(names.filter((name) => !existsSync(join(ROOT, folder, name)))).toEqual([]);
});

const PAGES = ['README.md', 'CONTRIBUTING.md', '.changeset/README.md'].concat(
  readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
);

it.each(PAGES)('every link of %s leads to a file, and to a heading of it', (page) => {
  const links = Array.from(readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g));
  const broken = links.map(([, link = '']) => link).filter((link) => !leadsSomewhere(join(ROOT, dirname(page)), link));
  expect(broken).toEqual([]);
});

function leadsSomewhere(directory: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = join(directory, path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#{1,6} (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
