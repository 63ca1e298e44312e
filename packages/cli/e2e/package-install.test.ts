import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmptyFolder, emptyFolder, runIn } from './empty-folder.ts';
import { WORKSPACE } from './published-packages.ts';

const VERSION = JSON.parse(readFileSync(join(WORKSPACE, 'packages/cli/package.json'), 'utf8')).version as string;

let folder: EmptyFolder;
const sessions: string[] = [];

beforeAll(async () => {
  folder = await emptyFolder();
  writeFileSync(join(folder.world.project, 'package.json'), '{ "type": "module" }\n');
  const { code, stderr } = await runIn(folder, ['npm', 'install', '@csa/cli']);
  expect(code, stderr).toBe(0);
});
afterAll(() => folder.remove(sessions));

const installed = (): string[] =>
  readdirSync(join(folder.world.project, 'node_modules'), { recursive: true, encoding: 'utf8' });

describe('csa that was installed into an empty folder', () => {
  it('brings what it needs and nothing else, and asks the registry for nothing more', () => {
    const lock = JSON.parse(readFileSync(join(folder.world.project, 'package-lock.json'), 'utf8'));
    const names = Object.keys(lock.packages).filter((path) => path !== '');
    expect(names).toHaveLength(folder.packed.length + folder.others.length);
    expect(Object.values(lock.packages)).not.toContainEqual(expect.objectContaining({ hasInstallScript: true }));
    expect(folder.registry.missed).toEqual([]);
  });

  it('is small', () => {
    const root = join(folder.world.project, 'node_modules');
    const bytesBelow = (place: string): number =>
      installed().reduce((sum, name) => sum + (name.startsWith(place) ? sizeOf(join(root, name)) : 0), 0);
    expect(bytesBelow('@csa/')).toBeLessThan(3_000_000);
    expect(bytesBelow('')).toBeLessThan(25_000_000);
  });

  it('says its version', async () => {
    const { code, stdout, stderr } = await runIn(folder, ['npx', 'csa', '--version']);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(VERSION);
  });

  it('teaches its commands by the name of its package', async () => {
    const { code, stdout } = await runIn(folder, ['npx', '@csa/cli', 'session', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('csa session wait');
  });

  it('serves its tools', async () => {
    const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`;
    const { code, stdout, stderr } = await runIn(folder, ['npx', 'csa', 'mcp'], { input });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).result.tools.map(({ name }: { name: string }) => name)).toContain('session_wait');
  });

  it('starts a session and waits for it', async () => {
    const started = await runIn(folder, ['npx', 'csa', 'session', 'start', '--', 'sh', '-c', 'echo hello; exit 3']);
    const id = started.stdout.trim();
    sessions.push(id);
    const { code, stdout } = await runIn(folder, ['npx', 'csa', 'session', 'wait', id, '--cap', '60s']);
    expect([started.code, code]).toEqual([0, 3]);
    expect(parseMarkers(stdout).map(({ name }) => name)).toEqual(['SESSION_RESULT', 'SESSION_WAIT_COMPLETED']);
    const logs = await runIn(folder, ['npx', 'csa', 'session', 'logs', id]);
    expect(logs.stdout).toBe('hello\n');
  });
});

it('the schemas can be imported by their names', async () => {
  const script = `import schema from '@csa/cli/schemas/session-wait.schema.json' with { type: 'json' }; console.log(schema.$id)`;
  const { stdout, stderr } = await runIn(folder, ['node', '--input-type=module', '--eval', script]);
  expect(stdout, stderr).toBe('csa.session-wait/1\n');
});

it('csa runs by its package’s name where nothing is installed', async () => {
  const { code, stdout } = await runIn(folder, ['npx', '--yes', '@csa/cli', 'session', '--help'], {
    cwd: folder.world.home,
  });
  expect(code).toBe(0);
  expect(stdout).toContain('csa session wait');
});

describe('each face of each library', () => {
  const faces = (): string[] =>
    folder.packed
      .filter(({ manifest }) => manifest.bin === undefined)
      .flatMap(({ manifest }) => Object.keys(manifest.exports ?? {}).map((face) => join(manifest.name, face)));

  it('can be imported', async () => {
    const script = `for (const face of ${JSON.stringify(faces())}) console.log(Object.keys(await import(face)).length > 0)`;
    const { code, stdout, stderr } = await runIn(folder, ['node', '--input-type=module', '--eval', script]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual(faces().map(() => 'true'));
  });

  it('has types that a strict consumer can compile', async () => {
    const imports = faces().map((face, index) => `import * as face${index} from '${face}';\nexport { face${index} };`);
    // Would compile if the types were lost.
    const wrong = `// @ts-expect-error\nexport const outcome: number = (await import('@csa/wait')).decide;`;
    writeFileSync(join(folder.world.project, 'consumer.ts'), [...imports, wrong, ''].join('\n'));
    const options = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] };
    const compilerOptions = { ...options, typeRoots: [join(WORKSPACE, 'node_modules/@types')] };
    writeFileSync(
      join(folder.world.project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    );
    const { code, stdout } = await runIn(folder, [join(WORKSPACE, 'node_modules/.bin/tsc'), '--project', '.']);
    expect([code, stdout]).toEqual([0, '']);
  });
});

function sizeOf(path: string): number {
  const status = statSync(path);
  return status.isFile() ? status.size : 0;
}
