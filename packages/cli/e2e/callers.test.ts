import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csa, runCsa, temporaryWorld, until, type World } from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { attribute, attributes, waitFor } from './answer.ts';
import { openGate, sessionFile, startGated, startJob } from './job.ts';

let world: World;
let id: string;
beforeEach(async () => {
  world = temporaryWorld();
  id = await startGated(world);
});

/** The cap that a wait from here would have, without waiting. */
async function capFrom(env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await runCsa(['session', 'status', id, '--explain'], { world, env });
  return /^cap of a wait from here: (.*)$/m.exec(stdout)?.[1] ?? stdout;
}

describe('the cap of a wait', () => {
  it.each<[title: string, env: NodeJS.ProcessEnv, cap: string]>([
    ['nobody in particular', {}, '240s (from default)'],
    ['Claude Code', { CLAUDECODE: '1' }, '110s, lowered from 240s (from claude-code)'],
    ['opencode', { OPENCODE: '1' }, '110s, lowered from 240s (from opencode)'],
    [
      'Claude Code with a longer limit',
      { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '180000' },
      '170s, lowered from 240s (from claude-code)',
    ],
    ['Claude Code with room enough', { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '600000' }, '240s (from default)'],
    [
      'Claude Code with hardly any',
      { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1' },
      '5s, lowered from 240s (from claude-code)',
    ],
    [
      'Claude Code with a limit that is no number',
      { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: 'x' },
      '110s, lowered from 240s (from claude-code)',
    ],
    [
      'both, by the smaller limit',
      { CLAUDECODE: '1', OPENCODE: '1', OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS: '60000' },
      '50s, lowered from 240s (from opencode)',
    ],
    ['a session inside Claude Code', { CLAUDECODE: '1', CSA_SESSION_ID: 'x' }, '240s (from default)'],
    ['CI without an agent', { CI: 'true' }, 'until done (from ci)'],
    ['CI with an agent', { CI: 'true', CLAUDECODE: '1' }, '110s, lowered from 240s (from claude-code)'],
    ['an environment that names a short one', { CLAUDECODE: '1', CSA_WAIT_CAP: '20s' }, '20s (from env)'],
    [
      'an environment that names a long one',
      { CLAUDECODE: '1', CSA_WAIT_CAP: '1h' },
      '110s, lowered from 3600s (from claude-code)',
    ],
  ])('called by %s is shown', async (_title, env, cap) => {
    expect(await capFrom(env)).toBe(cap);
  });

  it.each([
    ['1h', '3300s'],
    ['5m', '240s'],
  ])('follows a prompt cache of %s seen in the transcript of the caller', async (tier, cap) => {
    const projects = join(world.home, '.claude/projects', world.project.replace(/[^A-Za-z0-9]/g, '-'));
    mkdirSync(projects, { recursive: true });
    const usage = { cache_creation: { [`ephemeral_${tier}_input_tokens`]: 9 } };
    const answer = { type: 'assistant', timestamp: '2026-03-04T05:06:07.000Z', message: { id: 'a', usage } };
    writeFileSync(join(projects, 'abc-1.jsonl'), `cut off\n${JSON.stringify(answer)}\n{"torn`);
    const env = { CLAUDE_CODE_SESSION_ID: 'abc-1' };
    expect(await capFrom(env)).toBe(`${cap} (from transcript)`);
    expect(await capFrom({ ...env, CSA_WAIT_CAP: '7s' })).toBe('7s (from env)');
    expect(await capFrom({ CLAUDE_CODE_SESSION_ID: '../../abc-1' })).toBe('240s (from default)');
  });
});

describe('a lowered cap', () => {
  const claude = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };

  it('shows what would pay, with the time that the shell tool must be asked for', async () => {
    const { code, status } = await waitFor([id], { world, env: claude });
    expect(code).toBe(0);
    expect(attributes(status, 'cap', 'cap_source', 'action', 'tool_timeout_ms', 'run_in_background')).toEqual({
      cap: '5s',
      cap_source: 'claude-code',
      action: 're-wait',
      tool_timeout_ms: '250000',
      run_in_background: undefined,
    });
    expect(attribute(status, 'cmd')).toMatch(new RegExp(`session wait ${id}$`));
    expect(attribute(status, 'full_cmd')).toMatch(new RegExp(`session wait ${id} --cap 240s$`));
  });

  it('sends to the background where the tool allows less than what pays', async () => {
    const { status } = await waitFor([id], { world, env: { ...claude, BASH_MAX_TIMEOUT_MS: '60000' } });
    expect(attributes(status, 'action', 'run_in_background', 'tool_timeout_ms', 'full_cmd')).toEqual({
      action: 'background',
      run_in_background: 'true',
      tool_timeout_ms: '60000',
      full_cmd: undefined,
    });
    expect(attribute(status, 'cmd')).toMatch(new RegExp(`session wait ${id} --until-done$`));
  });

  it('is never an explicit one', async () => {
    const waiter = csa(['session', 'wait', id, '--cap', '60s', '--heartbeat', '1s', '--json'], { world, env: claude });
    await until(() => waiter.stderr() !== '', 'a heartbeat');
    waiter.kill('SIGTERM');
    expect(JSON.parse((await waiter.ended).stdout)).toMatchObject({ cap_ms: 60_000, cap_source: 'flag' });
  });
});

describe('on stderr while waiting', () => {
  it.each([{ CODEX_CI: '1' }, { CODEX_THREAD_ID: 't' }])('%j is told to poll this same process', async (env) => {
    const waiter = csa(['session', 'wait', id, '--cap', '60s'], { world, env });
    await until(() => waiter.stderr().includes('\n'), 'the advice');
    expect(waiter.stderr()).toMatch(/^(?=[^\n]*same process)(?=[^\n]*300,?000)[^\n]*\n$/);
    openGate(world);
    expect((await waiter.ended).code).toBe(0);
  });

  it('a heartbeat comes as often as asked, and nothing without one', async () => {
    const waiter = csa(['session', 'wait', id, '--cap', '60s', '--heartbeat', '1s'], {
      world,
      env: { GEMINI_CLI: '1' },
    });
    const silent = csa(['session', 'wait', id, '--cap', '60s'], { world });
    await until(() => waiter.stderr().split('\n').length > 2, 'two heartbeats');
    expect(waiter.stderr()).not.toMatch(/[^\n\x20-\x7e]/);
    expect(silent.stderr()).toBe('');
    openGate(world);
    await waiter.ended;
  });
});

describe("the command's environment", () => {
  const marks = {
    CLAUDECODE: '1',
    CLAUDE_CODE_SESSION_ID: 'c',
    CODEX_CI: '1',
    CODEX_THREAD_ID: 't',
    GEMINI_CLI: '1',
    OPENCODE: '1',
    AI_AGENT: 'a',
  };

  async function environmentOf(env: NodeJS.ProcessEnv, flags: string[]): Promise<Map<string, string>> {
    const job = await startJob(['env', '-0'], { world, env }, flags);
    expect((await waitFor([job, '--cap', '30s'], { world })).code).toBe(0);
    const entries = sessionFile(world, job, 'stdout.log')
      .split('\0')
      .map((line) => line.split(/=(.*)/s));
    const found = new Map(entries.map(([name = '', value = '']) => [name, value]));
    expect(found.get('CSA_SESSION_ID')).toBe(job);
    expect(found.get('CSA_SESSION_DIR')).toMatch(new RegExp(`/sessions/${job}$`));
    expect(found.get('CSA_RESULT_FILE')).toBe(`${found.get('CSA_SESSION_DIR')}/output/result.toml`);
    return found;
  }

  it('has the session and what was asked for, and no mark of the calling agent', async () => {
    const env = { ...marks, CSA_SESSION_ID: 'outer', PLAIN: ' a\nb' };
    const found = await environmentOf(env, ['--env', 'ADDED=x=y z', '--env', 'EMPTY=', '--env', 'PLAIN2=']);
    for (const mark of Object.keys(marks)) expect(found.has(mark), mark).toBe(false);
    expect([found.get('PLAIN'), found.get('ADDED'), found.get('EMPTY')]).toEqual([' a\nb', 'x=y z', '']);
    expect(found.get('HOME')).toBe(world.home);
  });

  it('keeps the marks when told to', async () => {
    const found = await environmentOf(marks, ['--keep-agent-env']);
    for (const [name, value] of Object.entries(marks)) expect(found.get(name)).toBe(value);
  });
});
