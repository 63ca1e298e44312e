import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hashTree, temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { answersOf } from '../processes.test.fixture.ts';
import { KEY, SETTINGS } from './states.test.data.ts';
import { cancel, off, on, type SwitchOn } from './transitions.ts';
import type { WarmKey } from './warm-key.ts';
import { openWarmStore, WarmStore } from './warm-store.ts';

const OTHER: WarmKey = { caller: { agent: 'codex', id: 'Thread-1' }, session: '01M000000000000000000000CD' };

function storeIn(root: string = join(temporaryDirectory(), 'state')): WarmStore {
  return new WarmStore(root);
}

function request(key: WarmKey = KEY): SwitchOn {
  return { key, at: 1_000, until: 9_000, settings: SETTINGS };
}

describe('a store', () => {
  test('that nothing was ever put into is empty, and stays absent', async () => {
    const root = join(temporaryDirectory(), 'state');
    const store = storeIn(root);
    const record = store.record(KEY);
    expect([store.list(), record.readState(), record.readLedger()]).toEqual([[], undefined, []]);
    expect(await record.claim.holder()).toEqual({ kind: 'nobody' });
    expect(await store.holders(KEY.caller)).toEqual([]);
    expect(record.change(off(1, 'not_enabled'))).toBeUndefined();
    expect(record.change(cancel(1))).toBeUndefined();
    expect(existsSync(root)).toBe(false);
  });

  test('stands beside the sessions, below the state root', () => {
    const directory = temporaryDirectory();
    expect(openWarmStore({ HOME: directory, XDG_STATE_HOME: directory }).directory).toBe(
      join(directory, process.platform === 'darwin' ? '' : '', 'cli-sub-agent', '.warm'),
    );
  });

  test('lists what was switched on, by caller and by session, also when it is off again', () => {
    const store = storeIn();
    for (const key of [KEY, OTHER, { ...OTHER, session: KEY.session }]) store.record(key).change(on(request(key)));
    store.record(KEY).change(off(5, 'not_enabled'));
    const keys = (filter = {}): string[] =>
      store
        .list(filter)
        .map(({ key }) => `${key.caller.id} ${key.session}`)
        .sort();
    expect(keys()).toHaveLength(3);
    expect(keys({ caller: OTHER.caller })).toHaveLength(2);
    expect(keys({ session: KEY.session })).toEqual([`Thread-1 ${KEY.session}`, `c0ffee ${KEY.session}`].sort());
    expect(keys({ caller: OTHER.caller, session: OTHER.session })).toEqual([`Thread-1 ${OTHER.session}`]);
    expect(keys({ caller: { agent: 'other', id: 'Thread-1' } })).toEqual([]);
  });

  test('keeps ids apart that differ in their case alone, and those that no path may hold', () => {
    const store = storeIn();
    const ids = ['abc', 'ABC', '..', 'a/b', '=abc', 'x'.repeat(300), 'é'];
    for (const id of ids) {
      const key: WarmKey = { caller: { agent: 'other', id }, session: KEY.session };
      store.record(key).change(on(request(key)));
    }
    const names = readdirSync(store.directory);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
    expect(
      store
        .list()
        .map(({ key }) => key.caller.id)
        .sort(),
    ).toEqual([...ids].sort());
  });

  test('is for its owner alone under any umask', () => {
    const before = process.umask(0);
    try {
      const store = storeIn();
      const record = store.record(KEY);
      record.change(on(request()));
      record.append({ kind: 'sending', id: 'a', at: 1, generation: 1 });
      record.countPoll(1, 1);
      store.tell({
        event: 'warm_skipped',
        at: 1,
        session: 's',
        caller: 'c',
        trigger: 'wait',
        driver: 'd',
        generation: 1,
      });
      for (const name of readdirSync(store.directory, { recursive: true, encoding: 'utf8' })) {
        const stat = statSync(join(store.directory, name));
        expect([name, (stat.mode & 0o777).toString(8)]).toEqual([name, stat.isDirectory() ? '700' : '600']);
      }
    } finally {
      process.umask(before);
    }
  });

  test('reads hostile files as nothing, and changes none of them', () => {
    const store = storeIn();
    store.record(OTHER).change(on(request(OTHER)));
    const key = (session: string): string => join(store.directory, 'claude-code-c0ffee', session);
    const plant = (session: string): string => {
      mkdirSync(key(session), { recursive: true });
      return join(key(session), 'state.4.json');
    };
    writeFileSync(plant('torn'), '{"schema":"csa.warm-state/1"');
    writeFileSync(plant('huge'), ' '.repeat(3 * 1024 * 1024));
    mkdirSync(plant('directory'));
    symlinkSync('/dev/zero', plant('link'));
    writeFileSync(join(store.directory, 'codex-file'), '');
    symlinkSync(temporaryDirectory(), join(store.directory, 'other-place'));
    symlinkSync('loop', join(store.directory, 'other-loop'));
    const before = hashTree(store.directory);
    expect(store.list().map(({ key }) => key)).toEqual([OTHER]);
    expect(hashTree(store.directory)).toEqual(before);
  });

  test('believes no state that speaks of another conversation, or of another number', () => {
    const store = storeIn();
    store.record(OTHER).change(on(request(OTHER)));
    const record = store.record(KEY);
    mkdirSync(record.directory, { recursive: true });
    const [name = ''] = readdirSync(store.record(OTHER).directory);
    const good = `${store.record(OTHER).directory}/${name}`;
    writeFileSync(join(record.directory, 'state.1.json'), readOf(good));
    expect(record.readState()).toBeUndefined();
    writeFileSync(join(store.record(OTHER).directory, 'state.7.json'), readOf(good));
    expect(store.record(OTHER).readState()).toBeUndefined();
    expect(store.list().map(({ key }) => key.session)).not.toContain(KEY.session);
  });

  test('goes on behind a state that is none', () => {
    const record = storeIn().record(KEY);
    record.change(on(request()));
    writeFileSync(join(record.directory, 'state.2.json'), 'garbage');
    expect(record.readState()).toBeUndefined();
    expect(record.change(on(request()))?.generation).toBe(3);
    expect(record.readState()?.power.kind).toBe('on');
  });

  test('that cannot be written says so, and what to do', () => {
    const root = join(temporaryDirectory(), 'state');
    mkdirSync(root);
    writeFileSync(join(root, '.warm'), '');
    expect(() => storeIn(root).record(KEY).change(on(request()))).toThrow(
      expect.objectContaining({ reason: 'state-root-unwritable', message: expect.stringContaining(root) }),
    );
  });

  test('whose numbers have run out is refused, and not tried for ever', () => {
    const record = storeIn().record(KEY);
    mkdirSync(record.directory, { recursive: true });
    writeFileSync(join(record.directory, 'state.999999999999.json'), 'x');
    expect(() => record.change(on(request()))).toThrow(expect.objectContaining({ reason: 'warm-state-unusable' }));
  });
});

describe('settings that nobody could read back', () => {
  const command = (...argv: string[]) => ({ ...SETTINGS, driver: { name: 'command', argv, timeoutMs: 1 } as const });
  test.each([
    ['a long word', command('sh', '-c', 'x'.repeat(5_000))],
    ['many words', command(...Array(1_001).fill('x'))],
    ['an amount beyond what a number holds', { ...SETTINGS, budget: 2 ** 60 }],
  ])('as those with %s are refused, and change nothing', (_, settings) => {
    const record = storeIn().record(KEY);
    const before = record.change(on(request()));
    expect(() => record.change(on({ ...request(), settings }))).toThrow(
      expect.objectContaining({ reason: 'warm-settings-unusable' }),
    );
    expect(record.readState()).toEqual(before);
  });
});

describe('what is forgotten', () => {
  test('are conversations about sessions that are gone, unless somebody warms for them', async () => {
    const store = storeIn();
    for (const key of [KEY, OTHER, { ...KEY, session: OTHER.session }]) store.record(key).change(on(request(key)));
    store.record({ ...OTHER, session: KEY.session }).countPoll(1, 1);
    const hold = await store.record(OTHER).claim.take('wait', 1);
    expect(await store.prune(({ session }) => session === OTHER.session)).toBe(1);
    expect(store.list().map(({ key }) => key)).toEqual(expect.arrayContaining([KEY, OTHER]));
    if ('release' in hold) hold.release();
    expect(await store.prune(({ sessionDirectory }) => sessionDirectory === SETTINGS.sessionDirectory)).toBe(2);
    // Of a conversation that was never switched on only the session is known.
    expect(await store.prune(({ session }) => session === KEY.session)).toBe(1);
    expect(readdirSync(store.directory)).toEqual([]);
    expect(store.list()).toEqual([]);
  });

  test('is also what one left behind who was killed while it forgot', async () => {
    const store = storeIn();
    const { directory } = store.record(KEY);
    store.record(KEY).change(on(request()));
    mkdirSync(join(dirname(directory), '.gone-1-1', 'below'), { recursive: true });
    await store.prune(() => false);
    expect(readdirSync(dirname(directory))).toEqual([KEY.session]);
  });

  test('is nothing outside of the store', async () => {
    const store = storeIn();
    const outside = join(dirname(store.directory), 'outside');
    mkdirSync(outside, { recursive: true });
    mkdirSync(join(store.directory, 'other-x'), { recursive: true });
    symlinkSync(outside, join(store.directory, 'other-x', KEY.session));
    await store.prune(() => true);
    expect(lstatSync(outside).isDirectory()).toBe(true);
  });
});

test('changes of many processes at once are all made, each on what was there before it', async () => {
  const store = storeIn();
  const record = store.record(KEY);
  record.change(on(request()));
  const module = `
    import { WarmStore } from 'SRC/store/warm-store.ts';
    import { cancel, arm } from 'SRC/store/transitions.ts';
    const [root, key] = process.argv.slice(1);
    const record = new WarmStore(root).record(JSON.parse(key));
    let changed = 0;
    for (let at = 1; at <= 25; at += 1) {
      record.change((state) => { const next = cancel(Number.MAX_SAFE_INTEGER - 1)(state); return next && { ...next, anchor: (state.anchor ?? 0) + 1 }; });
      changed += 1;
    }
    console.log(changed);`;
  const args = [dirname(store.directory), JSON.stringify(KEY)];
  const changed = await answersOf<number>(Array.from({ length: 6 }, () => ({ module, args })));
  expect(changed).toEqual(Array(6).fill(25));
  expect(record.readState()).toMatchObject({ generation: 151, anchor: 150 });
});

describe('re-runs of an agent', () => {
  test('are counted as long as one follows the other, and from one on after a longer gap', () => {
    const record = storeIn().record(KEY);
    const counts = [0, 240, 480, 1100, 1300].map((second) => record.countPoll(second * 1000, 300_000));
    expect(counts).toEqual([1, 2, 3, 1, 2].map((count, i) => (i === 3 ? 1 : count)));
  });

  test('are counted from one on when the clock was set back, or the file is none of ours', () => {
    const record = storeIn().record(KEY);
    expect([record.countPoll(9_000_000, 300_000), record.countPoll(1_000, 300_000)]).toEqual([1, 1]);
    writeFileSync(join(record.directory, 'polls.json'), '{"count":-3}');
    expect(record.countPoll(2_000, 300_000)).toBe(1);
  });

  test('that cannot be written down break nothing', () => {
    const root = join(temporaryDirectory(), 'state');
    writeFileSync(root, '');
    expect(storeIn(root).record(KEY).countPoll(1, 1)).toBe(1);
    chmodSync(root, 0o600);
  });
});

function readOf(path: string): string {
  return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
}
