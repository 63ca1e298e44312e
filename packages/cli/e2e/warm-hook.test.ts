import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, type RunResult, runCsa, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { on, openWarmStore, type WarmRecord, type WarmState } from '@csa/warm';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CONVERSATION, writeWarmConfig } from './held-cache.ts';
import { openGate, startGated } from './job.ts';
import { isRunning, program, shell } from './program.ts';

const PATIENCE_MS = 30_000;
const NOTHING = { code: 0, signal: null, stdout: '', stderr: '' };

let world: World;

beforeEach(() => {
  world = temporaryWorld();
  onTestFinished(endHeartbeats);
});

/** An event as Claude Code writes it. */
function event(name: string, more: object = {}): string {
  return JSON.stringify({
    session_id: CONVERSATION,
    transcript_path: `${world.home}/.claude/projects/-p/${CONVERSATION}.jsonl`,
    cwd: world.project,
    permission_mode: 'default',
    hook_event_name: name,
    ...more,
  });
}

const hook = (input: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<RunResult> =>
  runCsa(['session', 'warm', 'hook', ...flags], { world, stdin: input, env });

function recordOf(session: string): WarmRecord {
  return openWarmStore(world.env).record({ caller: { agent: 'claude-code', id: CONVERSATION }, session });
}

/** Switched on for a program that reads nothing, without a heartbeat. */
function switchOn(session: string): WarmRecord {
  const record = recordOf(session);
  const settings = {
    sessionDirectory: join(world.stateRoot, world.project, 'sessions', session),
    cwd: world.project,
    driver: { name: 'command', argv: ['/bin/false'], timeoutMs: 1_000 },
    durationGiven: true,
    ttl: { ms: 300_000, source: 'default' },
    threshold: 0,
    revive: false,
  } as const;
  record.change(on({ key: record.key, at: Date.now(), until: Date.now() + 600_000, settings }));
  return record;
}

/** In the world's state root, by their claims; where a test holds one itself, nobody beats. */
async function heartbeats(): Promise<number[]> {
  const holders = await openWarmStore(world.env).holders({ agent: 'claude-code', id: CONVERSATION });
  return holders
    .flatMap((holder) => (holder.kind === 'alive' ? [holder.identity.pid] : []))
    .filter((pid) => pid !== process.pid);
}

async function endHeartbeats(): Promise<void> {
  for (const pid of await heartbeats()) process.kill(pid, 'SIGKILL');
}

const said = (record: WarmRecord): string => {
  const { power, caller } = record.readState() as WarmState;
  return power.kind === 'on' ? caller : power.reason;
};

describe('the hook says nothing and ends with 0', () => {
  it.each([
    ['for a conversation that is not on', () => event('PreToolUse')],
    ['for garbage', () => '\u0000\u001b[2J{'],
    ['for nothing', () => ''],
    ['for 3 MB of a tool’s answer', () => event('PostToolUse', { tool_response: { stdout: 'x'.repeat(3_000_000) } })],
    ['for an event that it does not know', () => event('Notification', { message: 'hello' })],
  ])('%s', async (_, input) => {
    expect(await hook(input())).toEqual(NOTHING);
    expect(readdirSync(world.home)).toEqual([]);
  });

  it('where there is no home', async () => {
    expect(await hook(event('Stop'), [], { HOME: undefined, XDG_STATE_HOME: undefined })).toMatchObject(NOTHING);
  });

  it('where its standard input stays open, or there is none', async () => {
    const words = `'${testNode()}' '${builtCsa}' session warm hook`;
    const silent = program(['sh', '-c', `sleep 60 | { ${words}; echo "$?"; exec 0<&-; }`], { world });
    await until(() => silent.stdout() === '0\n', 'the hook to give up', PATIENCE_MS);
    process.kill(-silent.pid, 'SIGKILL');
    expect(await shell(`${words} <&-; echo "$?"`, { world })).toMatchObject({ stdout: '0\n', stderr: '' });
  });

  it('and says on standard error what is wrong with its flags', async () => {
    const { code, stdout, stderr } = await hook(event('Stop'), ['--on', 'soon']);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('--on is no duration');
  });
});

describe('of a conversation that is on', () => {
  it.each<[string[], string]>([
    [['UserPromptSubmit'], 'active'],
    [['UserPromptSubmit', 'PreToolUse'], 'idle'],
    [['UserPromptSubmit', 'PreToolUse', 'PostToolUse'], 'active'],
    [['UserPromptSubmit', 'Stop'], 'idle'],
    [['UserPromptSubmit', 'SubagentStop'], 'active'],
    [['SessionEnd'], 'session_ended'],
  ])('%o leaves it %s', async (names, state) => {
    const record = switchOn(await startGated(world));
    await record.claim.take('heartbeat', Date.now() + 60_000);
    for (const name of names) expect(await hook(event(name))).toEqual(NOTHING);
    expect(said(record)).toBe(state);
    openGate(world);
  });

  it('hears of a request although there was no free descriptor for a moment', async () => {
    const record = switchOn(await startGated(world));
    await record.claim.take('heartbeat', Date.now() + 60_000);
    // Loaded beforehand: what is short of descriptors is the store alone.
    const script = `
      import { closeSync, openSync } from 'node:fs';
      import { applyHookEvent } from ${JSON.stringify(join(import.meta.dirname, '../dist/warm/hook/apply-event.js'))};
      const held = [];
      try { for (;;) held.push(openSync('/dev/null', 'r')); } catch {}
      const applied = applyHookEvent({ name: 'x', action: 'cancel', conversation: '${CONVERSATION}' }, process.env);
      for (const fd of held) closeSync(fd);
      await applied;`;
    const node = [testNode(), '--input-type=module', '--eval', script];
    const few = program(['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh', ...node], { world });
    expect(await few.ended).toMatchObject(NOTHING);
    expect(said(record)).toBe('active');
    openGate(world);
  });

  it('a large answer of a tool’s is a tool’s answer', async () => {
    const record = switchOn(await startGated(world));
    await record.claim.take('heartbeat', Date.now() + 60_000);
    const large = {
      tool_name: 'Read',
      tool_input: { file_path: '/x' },
      tool_response: { text: 'x'.repeat(3_000_000) },
    };
    expect(await hook(event('PostToolUse', large))).toEqual(NOTHING);
    expect(said(record)).toBe('active');
  });

  it('a tool of a sub-agent’s changes nothing', async () => {
    const record = switchOn(await startGated(world));
    await record.claim.take('heartbeat', Date.now() + 60_000);
    await hook(event('PostToolUse', { agent_id: 'a1', agent_type: 'Explore' }));
    expect(record.readState()).toMatchObject({ generation: 1, caller: 'idle' });
  });

  it('CSA_WARM=off switches it off', async () => {
    const record = switchOn(await startGated(world));
    expect(await hook(event('PreToolUse'), [], { CSA_WARM: 'off' })).toEqual(NOTHING);
    expect([said(record), await heartbeats()]).toEqual(['kill_switch', []]);
  });
});

describe('a heartbeat that should run and is gone', () => {
  it('is started again, once, and ends with the conversation', async () => {
    const record = switchOn(await startGated(world));
    expect(await Promise.all(['Stop', 'Stop', 'PreToolUse'].map((name) => hook(event(name))))).toEqual([
      NOTHING,
      NOTHING,
      NOTHING,
    ]);
    await until(async () => (await heartbeats()).length === 1, 'a heartbeat', PATIENCE_MS);
    const [pid = 0] = await heartbeats();
    expect(await hook(event('PreToolUse'))).toEqual(NOTHING);
    expect(await heartbeats()).toEqual([pid]);
    await hook(event('SessionEnd'));
    await until(() => !isRunning(pid), 'its end', PATIENCE_MS);
    expect(said(record)).toBe('session_ended');
  });

  it('stays gone while the caller’s own request is under way, and once its time is over', async () => {
    const record = switchOn(await startGated(world));
    await hook(event('PostToolUse'));
    expect(await heartbeats()).toEqual([]);
    record.change((state) => state && { ...state, power: { kind: 'on', since: 1, until: 2 } });
    await hook(event('PreToolUse'));
    expect(await heartbeats()).toEqual([]);
  });
});

describe('with --on', () => {
  it('switches on at the end of a turn, where the config names a driver and a session lives', async () => {
    writeWarmConfig(world, ['driver = "command"', 'command = ["/bin/true"]']);
    const id = await startGated(world);
    expect(await hook(event('PreToolUse'), ['--on', '5m'])).toEqual(NOTHING);
    expect(recordOf(id).readState()).toBeUndefined();
    expect(await hook(event('Stop'), ['--on', '5m'])).toEqual(NOTHING);
    await until(() => recordOf(id).readState()?.power.kind === 'on', 'warming to be on', PATIENCE_MS);
    await until(async () => (await heartbeats()).length === 1, 'a heartbeat', PATIENCE_MS);
  });

  it('leaves off what the user has switched off', async () => {
    writeWarmConfig(world, ['driver = "command"', 'command = ["/bin/true"]']);
    const id = await startGated(world);
    const off = await runCsa(['session', 'warm', 'on', id, '5m'], {
      world,
      env: { CLAUDE_CODE_SESSION_ID: CONVERSATION },
    });
    expect(off.code, off.stderr).toBe(0);
    await runCsa(['session', 'warm', 'off', id], { world, env: { CLAUDE_CODE_SESSION_ID: CONVERSATION } });
    const before = recordOf(id).readState();
    expect(before?.power.kind).toBe('off');
    await hook(event('Stop'), ['--on', '5m']);
    expect(recordOf(id).readState()).toEqual(before);
  });

  it.each([
    ['no config', [], true],
    ['no session', ['driver = "command"', 'command = ["/bin/true"]'], false],
  ])('does nothing where there is %s', async (_, config, hasSession) => {
    if (config.length > 0) writeWarmConfig(world, config);
    if (hasSession) await startGated(world);
    expect(await hook(event('Stop'), ['--on', '5m'])).toEqual(NOTHING);
    expect(openWarmStore(world.env).list()).toEqual([]);
  });
});

describe('the settings for Claude Code', () => {
  it('are printed, and each of their commands runs as printed', async () => {
    const { code, stdout, stderr } = await runCsa(['session', 'warm', 'hook', '--print-settings', '--on', '45m'], {
      world,
    });
    expect([code, stderr]).toEqual([0, '']);
    const { hooks } = JSON.parse(stdout) as { hooks: Record<string, { hooks: { type: string; command: string }[] }[]> };
    expect(Object.keys(hooks)).toEqual(['Stop', 'PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'SessionEnd']);
    const record = switchOn(await startGated(world));
    await record.claim.take('heartbeat', Date.now() + 60_000);
    const after: string[] = [];
    for (const [name, groups] of Object.entries(hooks)) {
      const input = join(world.home, 'event.json');
      writeFileSync(input, event(name));
      const [{ type, command } = { type: '', command: '' }] = groups.flatMap((group) => group.hooks);
      expect(type).toBe('command');
      expect(await shell(`${command} <'${input}'`, { world, cwd: '/' })).toEqual(NOTHING);
      after.push(said(record));
    }
    expect(after).toEqual(['idle', 'idle', 'active', 'active', 'session_ended']);
  });
});
