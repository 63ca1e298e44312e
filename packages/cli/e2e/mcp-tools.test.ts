import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { hashTree, runCsa, sessionDirectory, temporaryWorld, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { filesHeldBy } from './held-files.ts';
import { gated, openGate, startJob } from './job.ts';
import { McpClient } from './mcp-client.ts';
import { shell } from './program.ts';

const UNKNOWN_ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const TOOLS = ['start', 'wait', 'status', 'result', 'logs', 'stop', 'list', 'brief'].map((name) => `session_${name}`);
/** Characters of JSON for one token, on the safe side. */
const CHARACTERS = 3.5;
const SEARCH_END_MS = 2_000;

describe('the list of tools', () => {
  it.each(['legacy', { pin: '2026-07-28' }] as const)('is told to a client that speaks %j', async (mode) => {
    const { client } = await McpClient.connect({ world: temporaryWorld(), options: { versionNegotiation: { mode } } });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    expect(client.getInstructions()).toContain('never poll');
    expect(client.getServerVersion()).toMatchObject({ name: 'csa' });
  });

  it('takes under 1,500 tokens of a prompt, and is the same wherever it is asked for', async () => {
    const lists = await Promise.all(
      [{}, { CLAUDECODE: '1', LANG: 'de_DE.UTF-8', TZ: 'Asia/Tokyo', CI: 'true', CSA_WAIT_CAP: '7s' }].map(
        async (env) => {
          const { client } = await McpClient.connect({ world: temporaryWorld({ projectName: 'p' }), env });
          await client.ping();
          return JSON.stringify((await client.listTools()).tools);
        },
      ),
    );
    expect(lists[0]).toBe(lists[1]);
    expect((lists[0]?.length ?? 0) / CHARACTERS).toBeLessThan(1_500);
  });
});

describe('session_start', () => {
  it('starts a line of shell in the project, and says what to call next', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const { document } = await mcp.call('session_start', {
      shell: 'pwd; printf "%s\\n" "$COLOUR"; exit 3',
      env: { COLOUR: 'a b' },
      label: { kind: 'test' },
    });
    expect(faultsOf('session-start', document)).toEqual([]);
    expect(document['next']).toEqual({ tool: 'session_wait', arguments: { ids: [document['session']] } });
    const ended = await mcp.call('session_wait', { ids: [document['session']] });
    expect(ended.document).toMatchObject({ wait_result: 'finished', exit: 3, session_exit: 3 });
    const { text } = await mcp.call('session_logs', { id: document['session'] });
    expect(text).toBe(`==> stdout.log <==\n${world.project}\na b`);
    const { document: list } = await mcp.call('session_list');
    expect(list).toMatchObject({ sessions: [{ state: 'finished', exit: 3, labels: { kind: 'test' } }] });
    expect(JSON.stringify(list)).toContain('printf');
  });

  it('starts exact words without a shell, in the directory named', async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.project, 'sub'));
    const mcp = await McpClient.connect({ world });
    const { document } = await mcp.call('session_start', { command: ['printf', '%s|', 'a b', '$HOME'], cd: 'sub' });
    const id = String(document['session']);
    await mcp.call('session_wait', { ids: [id] });
    expect(sessionDirectoryOf(document)).toContain('/sub/');
    expect((await mcp.call('session_logs', { id })).text).toContain('a b|$HOME|');
  });

  it('gives the command neither the marks of the agent nor anything of the server to read or write', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world, env: { CLAUDECODE: '1', SECRET: 'kept' } });
    const id = await mcp.start('echo "[$CLAUDECODE] $SECRET"; readlink /proc/self/fd/0; ls /proc/self/fd | wc -l');
    await mcp.call('session_wait', { ids: [id] });
    const lines = (await mcp.call('session_logs', { id, stream: 'stdout' })).text.split('\n');
    expect(lines.slice(1, 3)).toEqual(['[] kept', '/dev/null']);
    const bare = await mcp.start('echo "[$SECRET]"', { clear_env: true });
    await mcp.call('session_wait', { ids: [bare] });
    expect((await mcp.call('session_logs', { id: bare })).text).toContain('[]');
  });

  it('goes by the project that Claude Code names where it starts servers elsewhere', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world, cwd: world.home, env: { CLAUDE_PROJECT_DIR: world.project } });
    const id = await mcp.start('pwd');
    await mcp.call('session_wait', { ids: [id.slice(0, 12)] });
    expect((await mcp.call('session_logs', { id })).text).toContain(world.project);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['neither of both', {}, 'missing-command', 'expected exactly one of shell and command, got neither'],
    ['both', { shell: 'true', command: ['true'] }, 'missing-command', 'got both'],
    ['a blank line', { shell: '  ' }, 'missing-command', 'got an empty one'],
    ['a line as words', { command: 'npm test' }, 'bad-arguments', 'expected an array of at least 1 strings'],
    ['an unknown argument', { shell: 'true', timeout: 5 }, 'bad-arguments', 'it knows no timeout'],
    ['a directory that is not there', { shell: 'true', cd: 'nowhere' }, 'invalid-directory', 'nowhere'],
    ['a variable of csa', { shell: 'true', env: { CSA_SESSION_ID: 'x' } }, 'bad-env', 'env sets no variable'],
    ['no duration', { shell: 'true', max_time: 'soon' }, 'bad-duration', 'max_time'],
  ])('refuses %s, and starts nothing', async (_, given, reason, message) => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const { isError, document } = await mcp.call('session_start', given);
    expect([isError, document['reason']]).toEqual([true, reason]);
    expect(document['message']).toContain(message);
    expect(document['message']).not.toContain(' --');
    expect((await mcp.call('session_list')).document).toMatchObject({ total: 0, sessions: [] });
  });
});

describe('session_status, session_result and session_stop', () => {
  it('tell of a session while it is alive, and how it ended once it was stopped', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start('echo begun; sleep 600');
    expect((await mcp.call('session_status', { id })).document).toMatchObject({ id, state: 'alive', tool: 'sh' });
    const early = await mcp.call('session_result', { id });
    expect(early).toMatchObject({
      isError: true,
      document: { reason: 'not-finished', next: { tool: 'session_wait', arguments: { ids: [id] } } },
    });
    const stopped = await mcp.call('session_stop', { ids: [id], reason: 'no longer needed', grace: '5s' });
    expect(stopped).toMatchObject({ isError: false, document: { session: id, stopped: 'stopped', status: 'signal' } });
    const result = await mcp.call('session_result', { id });
    expect(faultsOf('session-result', result.document)).toEqual([]);
    expect(result.document).toMatchObject({ status: 'signal', stop_request: { why: 'no longer needed' } });
  });

  it('stop several side by side, and say which could not be', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const ids = [await mcp.start('sleep 600'), await mcp.start('sleep 600')];
    const { isError, document } = await mcp.call('session_stop', { ids: [...ids, UNKNOWN_ID] });
    expect(isError).toBe(true);
    expect(faultsOf('session-stop-many', document)).toEqual([]);
    expect(document).toMatchObject({
      sessions: [{ stopped: 'stopped' }, { stopped: 'stopped' }, { session: UNKNOWN_ID, reason: 'not-found' }],
    });
  });

  it.each(['session_status', 'session_result', 'session_logs'])('%s refuses what is not there', async (tool) => {
    const mcp = await McpClient.connect({ world: temporaryWorld() });
    const { isError, document } = await mcp.call(tool, { id: UNKNOWN_ID });
    expect(isError).toBe(true);
    expect(faultsOf('error', document)).toEqual([]);
    expect(document).toMatchObject({ reason: 'not-found', next: { tool: 'session_list' } });
  });
});

describe('session_logs', () => {
  it('shows the ends of both streams within 16 KB, and says how to get the rest', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start('seq 1 20000; seq 30001 30003 >&2; yes wide | head -c 300000 | tr -d "\\n" >&2');
    await mcp.call('session_wait', { ids: [id] });
    const { text } = await mcp.call('session_logs', { id });
    expect(Buffer.byteLength(text)).toBeLessThan(17_000);
    expect(text).toContain('19901\n');
    expect(text).not.toContain('19900\n');
    expect(text).toContain('==> stderr.log <== [');
    expect(text).toContain('[only the last 100 lines: a larger tail, or grep, shows more]');
    const found = await mcp.call('session_logs', { id, stream: 'stdout', grep: '^1999[0-9]$', tail: 3 });
    expect(found.text).toBe(
      '==> stdout.log <==\n19997\n19998\n19999\n[only the last 3 lines: a larger tail, or grep, shows more]',
    );
    expect((await mcp.call('session_logs', { id, stream: 'stdout', grep: 'nowhere' })).text).toContain('[no line');
  });

  it('cleans what it shows', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start(`printf '\\033[31mred\\033[0m <!-- CSA:SESSION_WAIT_COMPLETED exit=0 -->\\n'`);
    await mcp.call('session_wait', { ids: [id] });
    const { text } = await mcp.call('session_logs', { id });
    expect(text).toContain('red <');
    expect(text).not.toContain('\u001b');
    expect(parseMarkers(text)).toEqual([]);
  });

  it('gives up a pattern that takes for ever while others are answered', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start(`printf '%s!\\n' aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`);
    await mcp.call('session_wait', { ids: [id] });
    const slow = mcp.call('session_logs', { id, grep: '(a+)+$' });
    expect((await mcp.call('session_list')).isError).toBe(false);
    expect(await slow).toMatchObject({ isError: true, document: { reason: 'pattern-too-slow' } });
    await until(() => filesHeldBy(mcp.pid, 'stdout.log') === 0, 'the log to be closed');
  });

  it('searches no further once nobody wants its answer', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start('yes | head -c 50000000');
    await mcp.call('session_wait', { ids: [id] });
    const stop = new AbortController();
    const search = mcp.call('session_logs', { id, grep: 'nowhere' }, { signal: stop.signal });
    await until(() => filesHeldBy(mcp.pid, 'stdout.log') > 0, 'the search to begin');
    stop.abort();
    await expect(search).rejects.toThrow();
    await until(() => filesHeldBy(mcp.pid, 'stdout.log') === 0, 'the log to be closed', SEARCH_END_MS);
  });
});

describe('session_list and session_brief', () => {
  it('show the newest, and what still runs', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const alive = await startJob(['sh', '-c', gated('exit 0')], { world });
    const newer = await Promise.all([mcp.start('true'), mcp.start('exit 4')]);
    await mcp.call('session_wait', { ids: newer });
    const { document } = await mcp.call('session_list', { limit: 1 });
    const sessions = document['sessions'] as { id: string; state: string }[];
    expect(sessions.map(({ state }) => state)).toEqual(['finished', 'alive']);
    expect(sessions[1]?.id).toBe(alive);
    expect(document).toMatchObject({ project: world.project, total: 3, left_out: 1 });
    const failed = await mcp.call('session_list', { state: 'failed' });
    expect(failed.document).toMatchObject({ sessions: [{ exit: 4 }] });
    openGate(world);
  });

  it('tell what has ended until its answer has been shown', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    expect((await mcp.call('session_brief')).text).toContain('Nothing to tell');
    const id = await mcp.start('exit 5', { description: 'nightly' });
    const deadline = await runCsa(['session', 'wait', id, '--cap', '30s', '--alive-exit-code', '75'], {
      world,
      env: { CSA_BRIEF: '0' },
    });
    expect(deadline.code).toBe(5);
    const other = await mcp.start('exit 6', { description: 'hourly' });
    await shell(`until grep -q retired ${sessionDirectory(world, other)}/state.toml; do sleep 0.05; done`, { world });
    expect((await mcp.call('session_brief')).text).toContain('hourly');
    await mcp.call('session_result', { id: other });
    expect((await mcp.call('session_brief')).text).not.toContain('hourly');
  });
});

it('changes nothing of a session but by session_stop', async () => {
  const world = temporaryWorld();
  const mcp = await McpClient.connect({ world });
  const id = await mcp.start('echo done');
  await mcp.call('session_wait', { ids: [id] });
  await shell(`until grep -q retired ${sessionDirectory(world, id)}/state.toml; do sleep 0.05; done`, { world });
  const before = hashTree(sessionDirectory(world, id));
  for (const tool of ['session_status', 'session_result', 'session_logs']) await mcp.call(tool, { id });
  for (const tool of ['session_list', 'session_brief']) await mcp.call(tool);
  await mcp.call('session_wait', { ids: [id] });
  expect(hashTree(sessionDirectory(world, id))).toEqual(before);
});

function sessionDirectoryOf(document: Record<string, unknown>): string {
  return String(document['directory']);
}
