import { describe, expect, it } from 'vitest';
import { nameFaults } from './file-names.ts';
import { dependencyFaults, type Manifest, versionFaults } from './floors.ts';
import { cycleFaults } from './import-cycles.ts';
import { importFaults, importsOf, ownerFaults } from './imports.ts';
import { readPackages, readRootManifest } from './workspace.ts';

describe.each(readPackages())('the package $folder', ({ folder, manifest, sources }) => {
  it('is named after its folder', () => {
    expect(manifest.name).toBe(`@csa/${folder}`);
  });

  it('depends only on floors below its own, and ships no test kit', () => {
    expect(dependencyFaults(manifest)).toEqual([]);
  });

  it('leaves the libraries that have an owner to that owner', () => {
    expect(ownerFaults(manifest)).toEqual([]);
  });

  it('imports other packages by their bare name, and its own files only', () => {
    expect(sources.size).toBeGreaterThan(0);
    expect(importFaults(manifest, sources)).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(cycleFaults(sources)).toEqual([]);
  });

  it('names its files after their subject', () => {
    expect(nameFaults(sources.keys())).toEqual([]);
  });

  it('pins every version', () => {
    expect(versionFaults(manifest)).toEqual([]);
  });
});

it('the root pins every version', () => {
  expect(versionFaults(readRootManifest())).toEqual([]);
});

describe('a fault is found:', () => {
  const workspace = 'workspace:*';

  it.each<[string, Manifest, number]>([
    ['downwards is allowed', { name: '@csa/wait', dependencies: { '@csa/session': workspace } }, 0],
    ['sideways', { name: '@csa/wait', dependencies: { '@csa/supervisor': workspace } }, 1],
    ['upwards', { name: '@csa/session', dependencies: { '@csa/cli': workspace } }, 1],
    ['between two of floor 0', { name: '@csa/liveness', dependencies: { '@csa/markers': workspace } }, 1],
    ['of an executable of cli is allowed', { name: '@csa/cli', dependencies: { '@csa/mcp': workspace } }, 0],
    ['the other way round', { name: '@csa/mcp', dependencies: { '@csa/cli': workspace } }, 1],
    ['an unknown package of ours', { name: '@csa/cli', dependencies: { '@csa/new': workspace } }, 1],
    ['the test kit shipped', { name: '@csa/cli', dependencies: { '@csa/testkit': workspace } }, 1],
    ['what drives real clients shipped', { name: '@csa/cli', dependencies: { '@csa/clients': workspace } }, 1],
    ['the test kit as a peer', { name: '@csa/cli', peerDependencies: { '@csa/testkit': workspace } }, 1],
    ['the test kit for tests is allowed', { name: '@csa/cli', devDependencies: { '@csa/testkit': workspace } }, 0],
    ['the test kit itself depends on nobody', { name: '@csa/testkit', dependencies: { '@csa/markers': workspace } }, 1],
    ['a package without a floor', { name: '@csa/new' }, 1],
  ])('dependency %s', (_, manifest, faults) => {
    expect(dependencyFaults(manifest)).toHaveLength(faults);
  });

  it.each([
    ['1.2.3', 0],
    ['1.2.3-rc.1', 0],
    ['workspace:*', 0],
    ['^1.2.3', 1],
    ['~1.2.3', 1],
    ['1.2', 1],
    ['*', 1],
    ['>=1.2.3', 1],
    ['workspace:^', 1],
    ['latest', 1],
  ])('version %s', (version, faults) => {
    expect(versionFaults({ name: '@csa/cli', dependencies: { some: version } })).toHaveLength(faults);
    expect(versionFaults({ name: '@csa/cli', devDependencies: { some: version } })).toHaveLength(faults);
  });

  it.each([
    ["import { a } from './near.ts';", 0],
    ["import { a } from '../outside.ts';", 1],
    ["import { a } from '../../wait/src/wait.ts';", 1],
    ["export { a } from '../../wait/src/wait.ts';", 1],
    ["import { a } from '@csa/markers';", 0],
    ["import { a } from '@csa/markers/src/marker.ts';", 1],
    ["import { a } from '@csa/warm/hook';", 1],
    ["import { a } from '@csa/wait';", 1],
    ["import '@csa/wait';", 1],
    ["import { execa } from 'execa';", 1],
    ["import type { Options } from 'execa';", 1],
    ["import { watch } from 'chokidar';", 0],
    ["import { watch } from 'chokidar/handler.js';", 0],
  ])('import %s', (text, faults) => {
    const manifest = { name: '@csa/session', dependencies: { '@csa/markers': workspace } };
    expect(importFaults(manifest, new Map([['src/a.ts', text]]))).toHaveLength(faults);
  });

  it('import of a second face only where the package is a dependency', () => {
    const sources = new Map([['src/a.ts', "import { a } from '@csa/warm/hook';"]]);
    const manifest = { name: '@csa/cli', dependencies: { '@csa/warm': workspace } };
    expect(importFaults(manifest, sources)).toEqual([]);
    expect(importFaults({ name: '@csa/cli' }, sources)).toHaveLength(1);
  });

  it('import of what only an executable may put together', () => {
    const sources = new Map([['src/a.ts', "import { serve } from '@csa/mcp';"]]);
    expect(importFaults({ name: '@csa/cli', dependencies: { '@csa/mcp': workspace } }, sources)).toHaveLength(1);
  });

  it('import of the test kit outside a test', () => {
    const text = "import { until } from '@csa/testkit';";
    const manifest = { name: '@csa/session', devDependencies: { '@csa/testkit': workspace } };
    expect(importFaults(manifest, new Map([['src/a.test.ts', text]]))).toEqual([]);
    expect(importFaults(manifest, new Map([['src/a.ts', text]]))).toHaveLength(1);
  });

  it('library at another than its owner', () => {
    expect(ownerFaults({ name: '@csa/supervisor', dependencies: { execa: '1.0.0' } })).toEqual([]);
    expect(ownerFaults({ name: '@csa/cli', devDependencies: { execa: '1.0.0' } })).toHaveLength(1);
  });

  it('import in every form', () => {
    const forms = [
      "import 'a';",
      "import b from 'b';",
      ['import {', '  c,', "} from 'c';"].join('\n'),
      "export * from 'd';",
    ];
    const dynamic = `await ${'import'}('e')`;
    const notOnes = ["// import 'f';", " * import g from 'g';", 'const from = "h";', "export const i = 'i';"];
    expect(importsOf([...forms, dynamic, ...notOnes].join('\n'))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('cycle of imports, once', () => {
    const imports = (name: string): string => `import '${name}';`;
    const straight = new Map([
      ['src/a.ts', imports('./b/c.ts')],
      ['src/b/c.ts', imports('../d.ts')],
      ['src/d.ts', imports('node:fs')],
    ]);
    expect(cycleFaults(straight)).toEqual([]);
    expect(cycleFaults(new Map([...straight, ['src/d.ts', imports('./a.ts')]]))).toEqual([
      'import cycle: src/a.ts -> src/b/c.ts -> src/d.ts -> src/a.ts',
    ]);
    expect(cycleFaults(new Map([['src/a.ts', imports('./a.ts')]]))).toHaveLength(1);
  });

  it('name that says nothing', () => {
    const bad = [
      'src/utils.ts',
      'src/common/a.ts',
      'src/types.test.ts',
      'src/a/errors.ts',
      'src/helpers',
      'src/shared',
    ];
    expect(nameFaults(bad)).toHaveLength(bad.length);
    expect(nameFaults(['src/wait.ts', 'src/marker-types.ts'])).toEqual([]);
  });
});
