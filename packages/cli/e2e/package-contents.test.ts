import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installedPackages } from './installed-packages.ts';
import { fieldFaults, fileFaults, INSTALL_SCRIPTS, referenceFaults, targetFaults } from './package-faults.ts';
import { type PublishedManifest, packAll, publishedFolders, WORKSPACE } from './published-packages.ts';

const directory = mkdtempSync(join(tmpdir(), 'csa-pack-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const PACKED = packAll(directory);

it('every package is packed but the test kit', () => {
  const names = publishedFolders().map((folder) => `@csa/${basename(folder)}`);
  expect(PACKED.map(({ manifest }) => manifest.name).toSorted()).toEqual(names.toSorted());
  expect(names).toContain('@csa/cli');
  expect(names).not.toContain('@csa/testkit');
});

describe.each(PACKED.map((packed) => ({ ...packed, name: packed.manifest.name })))('the tarball of $name', (packed) => {
  const { manifest, files } = packed;
  const read = (file: string): string => readFileSync(join(packed.directory, file), 'utf8');

  it('holds what is needed and nothing else', () => {
    expect(fileFaults(files)).toEqual([]);
    expect(read('LICENSE')).toBe(readFileSync(join(WORKSPACE, 'LICENSE'), 'utf8'));
  });

  it('holds every file that its package.json or another file names', () => {
    expect(targetFaults(manifest, files)).toEqual([]);
    expect(referenceFaults(files, read)).toEqual([]);
  });

  it('has the fields of a published package, and none of the workspace', () => {
    expect(fieldFaults(manifest, manifest.name.replace('@csa/', ''))).toEqual([]);
  });
});

it('the command line brings no declarations: it has no programming interface', () => {
  const cli = PACKED.find(({ manifest }) => manifest.name === '@csa/cli');
  expect(cli?.files.filter((file) => file.endsWith('.d.ts'))).toEqual([]);
  // The only one, so that npx needs not be told which.
  expect(Object.keys(cli?.manifest.bin ?? {})).toEqual(['csa']);
});

describe('nothing runs when csa is installed:', () => {
  const OURS = publishedFolders().map((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

  it.each(OURS as PublishedManifest[])('$name', ({ scripts }) => {
    expect(Object.keys(scripts ?? {}).filter((name) => INSTALL_SCRIPTS.includes(name))).toEqual([]);
  });

  // npm runs `prepare` of a repository alone, and compiles where there is a binding.gyp.
  it.each(installedPackages())('$manifest.name, which is somebody else’s', ({ manifest, hasBinding }) => {
    const scripts = Object.keys(manifest.scripts ?? {}).filter((name) => /^(?:pre|post)?install$/.test(name));
    expect([scripts, hasBinding]).toEqual([[], false]);
  });
});

describe('a fault is found:', () => {
  const ALWAYS = ['LICENSE', 'README.md', 'package.json'];

  it.each([
    ['dist/a.js', 0],
    ['dist/deep/a.d.ts', 0],
    ['bin/csa.js', 0],
    ['schemas/error.schema.json', 0],
    ['dist/a.js.map', 1],
    ['dist/.tsbuildinfo', 1],
    ['dist/a.test.js', 1],
    ['dist/a.test.fixture.js', 1],
    ['src/a.ts', 1],
    ['tsconfig.json', 1],
  ])('file %s', (file, faults) => {
    expect(fileFaults([...ALWAYS, file])).toHaveLength(faults);
  });

  it('a missing licence', () => {
    expect(fileFaults(['README.md', 'package.json'])).toEqual(['LICENSE is missing']);
  });

  it.each<[Partial<PublishedManifest>, string[]]>([
    [{ exports: { '.': { types: './dist/a.d.ts', default: './dist/a.js' } } }, ['dist/a.d.ts']],
    [{ exports: { './x/*': './x/*' } }, ['x/*']],
    [{ exports: { './dist/*': './dist/*' } }, []],
    [{ bin: { csa: './bin/csa.js' } }, ['bin/csa.js']],
    [{ main: 'dist/a.js', types: 'dist/b.d.ts' }, ['dist/b.d.ts']],
  ])('target of %j', (fields, absent) => {
    const manifest = { name: '@csa/a', version: '1.0.0', ...fields };
    expect(targetFaults(manifest, ['dist/a.js'])).toEqual(absent.map((target) => `${target} is not packed`));
  });

  it.each([
    ["import { a } from './b.js';", 0],
    ["import {\n  a,\n} from './c.js';", 1],
    ["export * from './c.js';", 1],
    ["import './c.js';", 1],
    ["const c = await import('./c.js');", 1],
    ["new URL('../bin/c.js', import.meta.url)", 1],
    ["import { c } from 'c';", 0],
    ['//# sourceMappingURL=a.js.map', 1],
  ])('reference %j', (text, faults) => {
    const files = ['dist/a.js', 'dist/b.js'];
    expect(referenceFaults(files, (file) => (file === 'dist/a.js' ? text : ''))).toHaveLength(faults);
  });
});
