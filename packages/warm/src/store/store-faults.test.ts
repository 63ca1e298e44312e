import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { answersOf } from '../processes.test.fixture.ts';
import { KEY, SETTINGS } from './states.test.data.ts';
import { on } from './transitions.ts';
import { WarmStore } from './warm-store.ts';

const PRELUDE = `
  import { WarmStore } from 'SRC/store/warm-store.ts';
  import { off, on } from 'SRC/store/transitions.ts';
  const [root, text] = process.argv.slice(1);
  const request = JSON.parse(text);
  const store = new WarmStore(root);
  const record = store.record(request.key);
  const outcome = (what) => { try { return what() ?? null; } catch (error) { return error.reason ?? error.code; } };
  const event = { event: 'warm_skipped', at: 1, session: 's', caller: 'c', trigger: 'wait', driver: 'd', generation: 1 };
  const tried = () => [
    outcome(() => record.change(on(request)).power.kind),
    outcome(() => record.requireBooks()) ?? outcome(() => record.append({ kind: 'sending', id: 'a', at: 1, generation: 1 })),
    outcome(() => record.countPoll(1, 1)),
    outcome(() => store.tell(event)),
    outcome(() => store.list().length),
  ];`;
const REQUEST = { key: KEY, at: 1_000, until: 9_000, settings: SETTINGS };

async function tried(root: string, { through = [], body }: { through?: readonly string[]; body: string }) {
  const program = { module: PRELUDE + body, args: [root, JSON.stringify(REQUEST)], through };
  return (await answersOf<unknown[]>([program]))[0];
}

function works(command: readonly string[]): boolean {
  const [program = '', ...words] = command;
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}

const NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount'];
const UNPRIVILEGED =
  process.getuid?.() === 0
    ? [
        'setpriv',
        '--bounding-set',
        '-dac_override,-dac_read_search,-fowner',
        '--inh-caps',
        '-dac_override,-dac_read_search,-fowner',
      ]
    : [];
const PRINT = 'console.log(JSON.stringify(tried()));';

describe('a store', () => {
  test.runIf(works([...NAMESPACE, 'true']))(
    'on a full disk is refused, keeps what it has, and leaves no debris',
    async () => {
      const root = temporaryDirectory();
      const fill = `mount -t tmpfs -o size=64k tmpfs ${root}; exec "$@"`;
      const body = `
      import { readdirSync, writeFileSync } from 'node:fs';
      const before = tried();
      try { writeFileSync(root + '/filler', 'x'.repeat(70_000)); } catch {}
      const next = { ...request, settings: { ...request.settings, cwd: '/' + 'x'.repeat(4000), model: 'y'.repeat(4000) } };
      const full = [outcome(() => record.change(on(next)).power.kind), outcome(() => record.append({ kind: 'use', id: 'z'.repeat(4000), at: 1, usage: { input: 1, read: 1, write: 0, writeHour: 0, output: 1 } }))];
      const debris = readdirSync(record.directory).filter((name) => name.startsWith('.'));
      console.log(JSON.stringify([before, full, debris, record.readState().generation, record.readLedger().length]));`;
      expect(await tried(root, { through: [...NAMESPACE, 'sh', '-c', fill, 'sh'], body })).toEqual([
        ['on', null, 1, null, 1],
        ['disk-full', 'ENOSPC'],
        [],
        1,
        1,
      ]);
    },
  );

  test.runIf(works([...NAMESPACE, 'true']))('on a disk that is read-only is refused, and called so', async () => {
    const root = temporaryDirectory();
    const through = [...NAMESPACE, 'sh', '-c', `mount -t tmpfs -o ro tmpfs ${root}; exec "$@"`, 'sh'];
    const body = `
      let said = '';
      try { record.change(on(request)); } catch (error) { said = error.message; }
      console.log(JSON.stringify([...tried(), said.includes('EROFS')]));`;
    expect(await tried(root, { through, body })).toEqual(['state-root-unwritable', 'EROFS', 1, null, 0, true]);
  });

  test.runIf(works([...UNPRIVILEGED, 'true']))(
    'that may not be read lists nothing, and says so to whoever must not miss anything',
    async () => {
      const root = join(temporaryDirectory(), 'root');
      const body = `
      import { chmodSync } from 'node:fs';
      tried();
      const lists = () => [outcome(() => store.list().length), outcome(() => store.list({}, 'throw').length)];
      const answers = [lists()];
      for (const path of [record.directory + '/state.1.json', record.directory, store.directory]) {
        chmodSync(path, 0);
        answers.push(lists());
        chmodSync(path, 0o700);
      }
      console.log(JSON.stringify(answers));`;
      const hidden = [0, 'EACCES'];
      expect(await tried(root, { through: UNPRIVILEGED, body })).toEqual([[1, 1], hidden, hidden, hidden]);
    },
  );

  test.runIf(works([...UNPRIVILEGED, 'true']))(
    'that may not be written is refused, and telling breaks nothing',
    async () => {
      const root = join(temporaryDirectory(), 'root');
      mkdirSync(root, { mode: 0o500 });
      const answer = await tried(root, { through: UNPRIVILEGED, body: PRINT });
      expect(answer).toEqual(['state-root-unwritable', 'EACCES', 1, null, 0]);
    },
  );

  test.runIf(works([...UNPRIVILEGED, 'true']))('that may not be read is no reason to write over it', async () => {
    const root = join(temporaryDirectory(), 'root');
    const record = new WarmStore(root).record(KEY);
    record.change(on(REQUEST));
    const body = `
      import { chmodSync } from 'node:fs';
      chmodSync(record.directory, 0o300);
      const blind = [outcome(() => record.readState()), outcome(() => record.requireState()), ...tried().slice(0, 1), (await record.claim.holder()).kind];
      chmodSync(record.directory, 0o700);
      console.log(JSON.stringify(blind));`;
    expect(await tried(root, { through: UNPRIVILEGED, body })).toEqual([
      null,
      'EACCES',
      'state-root-unwritable',
      'unreadable',
    ]);
    expect(record.readState()?.generation).toBe(1);
  });

  test('without a free descriptor is neither written nor taken for empty', async () => {
    const root = join(temporaryDirectory(), 'root');
    const record = new WarmStore(root).record(KEY);
    record.change(on(REQUEST));
    const body = `
      import { closeSync, openSync } from 'node:fs';
      tried();
      const held = [];
      try { for (;;) held.push(openSync('/dev/null', 'r')); } catch {}
      const out = [outcome(() => record.requireState()), outcome(() => record.readLedger()), ...tried(), (await record.claim.holder()).kind];
      for (const fd of held) closeSync(fd);
      console.log(JSON.stringify(out));`;
    const through = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
    expect(await tried(root, { through, body })).toEqual([
      'EMFILE',
      'EMFILE',
      'state-root-unwritable',
      'EMFILE',
      1,
      null,
      0,
      'unreadable',
    ]);
  });
});
