import { chmodSync, readdirSync } from 'node:fs';
import { temporaryWorld } from '@csa/testkit';
import { on, openWarmStore, type WarmCaller, type WarmRecord, type WarmState, type WarmStore } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { applyHookEvent, listFirmly } from './apply-event.ts';
import type { HookAction } from './hook-event.ts';

const CONVERSATION = '0c2f6f7e-8d0f-4b66-9f61-3f1a1f6f8f11';
const SESSIONS = ['01M0F77JH0BVPHYFAVF40A3GZ5', '01M0F77JH0BVPKWYNPY80M71YA'] as const;

/** A conversation that is on, held by this process: nobody is to take it over. */
async function switchedOn(env: NodeJS.ProcessEnv, session: string, caller: Partial<WarmCaller> = {}) {
  const key = { caller: { agent: 'claude-code', id: CONVERSATION, ...caller }, session } as const;
  const record = openWarmStore(env).record(key);
  const settings = {
    sessionDirectory: '/s',
    cwd: '/w',
    driver: { name: 'command', argv: ['false'], timeoutMs: 1_000 },
    durationGiven: true,
    ttl: { ms: 300_000, source: 'default' },
    threshold: 0,
    revive: false,
  } as const;
  record.change(on({ key, at: 1, until: Date.now() + 60_000, settings }));
  await record.claim.take('heartbeat', Date.now() + 60_000);
  return record;
}

const event = (action: HookAction) => ({ name: 'x', action, conversation: CONVERSATION });

function said(record: WarmRecord): Pick<WarmState, 'caller' | 'generation'> & { power: string } {
  const { caller, generation, power } = record.readState() as WarmState;
  return { caller, generation, power: power.kind === 'on' ? 'on' : power.reason };
}

describe('of a conversation that is on', () => {
  it.each<[HookAction[], object]>([
    [['arm'], { caller: 'idle', generation: 1, power: 'on' }],
    [['cancel'], { caller: 'active', generation: 2, power: 'on' }],
    [['cancel', 'arm'], { caller: 'idle', generation: 3, power: 'on' }],
    [['cancel', 'arm', 'arm'], { caller: 'idle', generation: 3, power: 'on' }],
    [['off'], { caller: 'idle', generation: 2, power: 'session_ended' }],
    [['cancel', 'off', 'arm', 'cancel', 'off'], { caller: 'active', generation: 3, power: 'session_ended' }],
  ])('%o leaves %o', async (actions, state) => {
    const { env } = temporaryWorld();
    const record = await switchedOn(env, SESSIONS[0]);
    for (const action of actions) await applyHookEvent(event(action), env);
    expect(said(record)).toEqual(state);
  });

  it('a request that begins is the start of the cache’s next life', async () => {
    const { env } = temporaryWorld();
    const record = await switchedOn(env, SESSIONS[0]);
    const before = Date.now();
    await applyHookEvent(event('cancel'), env);
    expect(record.readState()?.anchor).toBeGreaterThanOrEqual(before);
  });

  it('each session hears of it, also where another’s state cannot be written', async () => {
    const { env } = temporaryWorld();
    const [first, second] = [await switchedOn(env, SESSIONS[0]), await switchedOn(env, SESSIONS[1])];
    chmodSync(first.directory, 0o500);
    await applyHookEvent(event('cancel'), env);
    chmodSync(first.directory, 0o700);
    expect(said(second)).toMatchObject({ caller: 'active' });
  });

  it.each<HookAction>(['arm', 'cancel', 'off'])(
    'CSA_WARM=off switches it off, whatever happens: %s',
    async (action) => {
      const { env } = temporaryWorld();
      const record = await switchedOn(env, SESSIONS[0]);
      await applyHookEvent(event(action), { ...env, CSA_WARM: 'off' });
      expect(said(record)).toEqual({ caller: 'idle', generation: 2, power: 'kill_switch' });
    },
  );
});

it.each<HookAction>(['arm', 'cancel', 'off'])(
  'a fork that only reads its prefix is not the conversation: %s',
  async (action) => {
    const { env } = temporaryWorld();
    const record = await switchedOn(env, SESSIONS[0]);
    await applyHookEvent(event(action), { ...env, CSA_WARM: 'off', CSA_WARM_REQUEST: '1' });
    expect(said(record)).toEqual({ caller: 'idle', generation: 1, power: 'on' });
  },
);

it.each<Partial<WarmCaller>>([{ id: 'another' }, { agent: 'codex' }])(
  'another conversation hears nothing: %o',
  async (caller) => {
    const { env } = temporaryWorld();
    const record = await switchedOn(env, SESSIONS[0], caller);
    for (const action of ['cancel', 'off'] as const) await applyHookEvent(event(action), env);
    expect(said(record)).toEqual({ caller: 'idle', generation: 1, power: 'on' });
  },
);

it('creates nothing for a conversation that is not on', async () => {
  const { env, home } = temporaryWorld();
  for (const action of ['arm', 'cancel', 'off'] as const) await applyHookEvent(event(action), env);
  expect(readdirSync(home)).toEqual([]);
});

describe('what is kept warm is listed', () => {
  const caller = { agent: 'claude-code', id: CONVERSATION } as const;
  /** A store whose first readings fail; it notes how each was asked for. */
  function failing(times: number) {
    const { env } = temporaryWorld();
    const asked: unknown[] = [];
    const list: WarmStore['list'] = (filter, trouble) => {
      asked.push(trouble);
      if (trouble === 'throw' && asked.length <= times) throw Object.assign(new Error('no'), { code: 'EMFILE' });
      return openWarmStore(env).list(filter, trouble);
    };
    return { env, asked, list };
  }

  it.each([
    [0, ['throw']],
    [1, ['throw', 'throw']],
    [2, ['throw', 'throw', undefined]],
  ])('although it could not be read %i times', async (times, asked) => {
    const store = failing(times);
    const { directory } = await switchedOn(store.env, SESSIONS[0]);
    expect((await listFirmly(store, caller)).map((record) => record.directory)).toEqual([directory]);
    expect(store.asked).toEqual(asked);
  });
});
