import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { parseToml } from '@csa/session';
import { csa, sessionDirectory, temporaryWorld, until, type World } from '@csa/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import {
  CONTRACT,
  comparable,
  DOCUMENTS,
  isInOrder,
  type MarkerEntry,
  markerEntries,
  markerOf,
} from './contract-page.ts';
import { blocksOf } from './doc-page.ts';
import { commandPid, sessionFile, startJob, supervisorPid } from './job.ts';
import { isRunning, shell } from './program.ts';
import { WORKSPACE } from './published-packages.ts';
import { userPath } from './user-path.ts';

const ENTRIES = markerEntries();
const PACKAGES = join(WORKSPACE, 'packages');
const entryOf = (name: string): MarkerEntry => {
  const entry = ENTRIES.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`the page does not name ${name}`);
  return entry;
};

/** The files below `folder` of every package. */
function filesOf(folder: string): string[] {
  const roots = readdirSync(PACKAGES).map((name) => join(PACKAGES, name, folder));
  return roots
    .filter((root) => existsSync(root))
    .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)));
}

describe('the page on the contract', () => {
  it('has every marker that the code writes, and no other', () => {
    const sources = [...filesOf('src'), ...filesOf('bin')].filter((path) => /(?<!\.test(?:\.\w+)?)\.[jt]s$/.test(path));
    const text = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
    const written = Array.from(text.matchAll(/'((?:SESSION|CALLER)_[A-Z_]*[A-Z])'/g), ([, name = '']) => name);
    expect(ENTRIES.map(({ name }) => name).toSorted()).toEqual([...new Set(written)].toSorted());
  });

  it.each(ENTRIES)('shows $name as it can be read, in its order', (entry) => {
    expect(entry.examples.length).toBeGreaterThan(0);
    for (const line of entry.examples) {
      expect(markerOf(line).name).toBe(entry.name);
      expect(isInOrder(markerOf(line), entry), line).toBe(true);
    }
  });

  it('knows a wrong order from a right one', () => {
    const entry = entryOf('SESSION_STARTED');
    expect(isInOrder(markerOf('<!-- CSA:SESSION_STARTED id=A pid=1 -->'), entry)).toBe(true);
    expect(isInOrder(markerOf('<!-- CSA:SESSION_STARTED pid=1 id=A -->'), entry)).toBe(false);
    expect(isInOrder(markerOf('<!-- CSA:SESSION_STARTED id=A other=1 -->'), entry)).toBe(false);
  });
});

describe('the examples of markers', () => {
  let world: World;
  let env: NodeJS.ProcessEnv;
  /** A session that has failed, and one that lives. */
  let failed: string;
  let alive: string;

  beforeEach(async () => {
    world = temporaryWorld({ projectName: 'shop' });
    env = { PATH: userPath(world) };
    failed = await startJob(['sh', '-c', 'echo "2 tests failed"; exit 3'], { world });
    await waitFor([failed, '--cap', '60s'], { world });
    alive = await startJob(['sleep', '600'], { world });
    await commandPid(world, alive);
  });

  const command = async (line: string, more: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { stdout, stderr } = await shell(line, { world, env: { ...env, ...more, failed, alive } });
    return `${stdout}${stderr}`.replaceAll(world.home, '/home/me').replaceAll(world.project, '/home/me/shop');
  };

  /** All that was printed is as the page shows it, one line of the page for each. */
  const expectShown = (output: string, names: readonly string[]): void => {
    const markers = parseMarkers(output);
    expect(markers.map(({ name }) => name)).toEqual(names);
    const lines = output.split('\n').filter((line) => line.startsWith('<!-- CSA:'));
    for (const [i, line] of lines.entries()) {
      const entry = entryOf(names[i] ?? '');
      expect(isInOrder(markerOf(line), entry), line).toBe(true);
      expect(entry.examples.map(comparable)).toContain(comparable(placed(line)));
    }
  };

  /** The project of the world has a longer path below the state root. */
  const placed = (line: string): string => line.replace(/(?<=cli-sub-agent\/)\S*?(?=\/sessions\/)/, 'home/me/shop');

  it('are printed by a start and by a refusal', async () => {
    expectShown(await command("csa session start -- sh -c 'exit 3'"), ['SESSION_STARTED']);
    expectShown(await command('csa session result 01M0F77JH0BVPHYFAVF40A3GZ5'), ['SESSION_ERROR']);
    expectShown(await command('csa session wait 01M0F77JH0BVPHYFAVF40A3GZ5'), ['SESSION_WAIT_ERROR']);
  });

  it('are printed by a wait for what has finished', async () => {
    expectShown(await command('csa session wait "$failed"'), ['SESSION_RESULT', 'SESSION_WAIT_COMPLETED']);
    expectShown(await command('csa session warm "$failed"'), ['SESSION_RESULT', 'SESSION_WARM']);
  });

  it('are printed by a wait for what lives, also where a shell tool limits it', async () => {
    const limited = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '15000' };
    expectShown(await command('csa session wait "$alive"', limited), ['CALLER_HINT', 'SESSION_WAIT_KV_WARM']);
    const output = await command('csa session wait "$failed" "$alive" --cap 0');
    // The hint's words count the sessions.
    const others = output.split('\n').filter((line) => !line.includes('CALLER_HINT'));
    expectShown(others.join('\n'), ['SESSION_RESULT', 'SESSION_STATE', 'SESSION_WAIT_KV_WARM']);
  });

  it('are printed by a wait that is interrupted', async () => {
    const waiting = csa(['session', 'wait', alive, '--heartbeat', '1s'], { world, env });
    await until(() => waiting.stderr().includes('waiting'), 'a heartbeat');
    waiting.kill('SIGTERM');
    expectShown((await waiting.ended).stdout, ['SESSION_WAIT_INTERRUPTED']);
  });

  it('are printed of a session that is dead', async () => {
    const pid = supervisorPid(world, alive);
    process.kill(pid, 'SIGKILL');
    await until(() => !isRunning(pid), 'the end of the supervisor');
    expectShown(await command('csa session wait "$alive"'), ['SESSION_WAIT_TIMEOUT']);
  });

  it('are printed of a session of which nothing is known here', async () => {
    const [pid, ticks, boot, , namespace] = sessionFile(world, alive, 'daemon.pid').trim().split(' ');
    const record = [pid, ticks, boot, 'f'.repeat(32), namespace].join(' ');
    writeFileSync(join(sessionDirectory(world, alive), 'daemon.pid'), `${record}\n`);
    // A cap that is typed is repeated in the command.
    expectShown(await command('csa session wait "$alive"', { CSA_WAIT_CAP: '0' }), ['SESSION_WAIT_UNKNOWN']);
  });

  it('stand beside commands that run as printed', async () => {
    const [cap = '', last = '', json = '', ...others] = blocksOf(CONTRACT, 'sh');
    expect(others).toEqual([]);
    expect(await command(`id=$failed; ${cap}`)).toContain('CSA:SESSION_WAIT_COMPLETED');
    const tail = await shell(last, { world, env: { ...env, id: failed } });
    expect(parseMarkers(tail.stdout).map(({ name }) => name)).toEqual(['SESSION_WAIT_COMPLETED']);
    expect((await shell(json, { world, env: { ...env, id: failed } })).stdout).toBe('finished\n');
  });

  it('stand beside a result as it is written', () => {
    const [shown = ''] = blocksOf(CONTRACT, 'toml');
    const written = parseToml(sessionFile(world, failed, 'result.toml'));
    const times = { started_at: expect.any(String), completed_at: expect.any(String), tool: 'sh' };
    expect(parseToml(shown)).toEqual({ ...written, ...times });
    expect(Object.keys(parseToml(shown))).toEqual(Object.keys(written));
  });
});

describe('the page of the documents', () => {
  const SCHEMAS = filesOf('schemas').map((path) => ({
    path: path.slice(WORKSPACE.length),
    schema: JSON.parse(readFileSync(path, 'utf8')) as { readonly $id: string },
  }));
  const exampleOf = (id: string): string =>
    DOCUMENTS.split(/^## /m).find((section) => section.startsWith(`${id}\n`)) ?? '';

  it.each(SCHEMAS)('has a real one of $schema.$id, and the contract a row', ({ path, schema }) => {
    expect(CONTRACT).toContain(`| [\`${schema.$id}\`](../${path})`);
    const [json] = blocksOf(exampleOf(schema.$id), 'json');
    const [toml = ''] = blocksOf(exampleOf(schema.$id), 'toml');
    const document = json === undefined ? parseToml(toml) : JSON.parse(json);
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    validate(JSON.parse(JSON.stringify(document)));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has no other', () => {
    expect(Array.from(DOCUMENTS.matchAll(/^## (.+)$/gm), ([, id]) => id).toSorted()).toEqual(
      SCHEMAS.map(({ schema }) => schema.$id).toSorted(),
    );
  });
});
