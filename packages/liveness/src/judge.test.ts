import { expect, test } from 'vitest';
import type { Host } from './host.ts';
import { judgeOrigin, judgeSighting, type Liveness } from './judge.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Sighting } from './sighting.ts';

const judge = (identity: ProcessIdentity, host: Host, sighting: Sighting, mention?: string): string => {
  const verdict: Liveness = judgeOrigin(identity, host) ?? judgeSighting(identity, sighting, mention);
  return verdict.state === 'alive' ? 'alive' : `${verdict.state} ${verdict.reason}`;
};

const HOST: Host = { bootId: 'boot', machineId: 'machine', pidNamespace: '4026531836' };
const WHOLE: ProcessIdentity = { pid: 4711, startTime: '100', ...HOST };
const BARE: ProcessIdentity = { pid: 4711 };
const running: Sighting = { kind: 'seen', startTime: '100', condition: 'running' };
const gone: Sighting = { kind: 'gone' };

const origins: [string, ProcessIdentity, Host, string][] = [
  ['all equal', WHOLE, HOST, 'alive'],
  ['a record of pid and ticks alone is of this machine', { pid: 4711, startTime: '100' }, HOST, 'alive'],
  ['another machine', { ...WHOLE, machineId: 'm2' }, HOST, 'unknown other-machine'],
  ['another machine, boot too', { ...WHOLE, machineId: 'm2', bootId: 'b2' }, HOST, 'unknown other-machine'],
  ['this machine, another boot', { ...WHOLE, bootId: 'b2' }, HOST, 'dead rebooted'],
  ['another boot comes before the namespace', { ...WHOLE, bootId: 'b2', pidNamespace: '9' }, HOST, 'dead rebooted'],
  ['no machine field, another boot', { pid: 4711, startTime: '100', bootId: 'b2' }, HOST, 'dead rebooted'],
  ['another pid namespace', { ...WHOLE, pidNamespace: '9' }, HOST, 'unknown other-pid-namespace'],
  [
    'a namespace that is not known here',
    WHOLE,
    { bootId: 'boot', machineId: 'machine' },
    'unknown other-pid-namespace',
  ],
  ['no namespace field', { pid: 4711, startTime: '100', bootId: 'boot', machineId: 'machine' }, HOST, 'alive'],
  ['no ids on either side, same boot', { ...WHOLE, machineId: '-' }, { ...HOST, machineId: '-' }, 'alive'],
  ['no id in the record, same boot', { ...WHOLE, machineId: '-' }, HOST, 'alive'],
  ['no id here, same boot', WHOLE, { ...HOST, machineId: '-' }, 'alive'],
  [
    'no ids, another boot',
    { ...WHOLE, machineId: '-', bootId: 'b2' },
    { ...HOST, machineId: '-' },
    'unknown unproven-pid',
  ],
  ['no id in the record, another boot', { ...WHOLE, machineId: '-', bootId: 'b2' }, HOST, 'unknown unproven-pid'],
  ['no id here, another boot', { ...WHOLE, bootId: 'b2' }, { ...HOST, machineId: '-' }, 'unknown unproven-pid'],
  ['no ids and no boot id', { pid: 4711, startTime: '100', machineId: '-' }, HOST, 'unknown unproven-pid'],
  [
    'macOS, same boot',
    { pid: 4711, startTime: '100', bootId: 'b', machineId: '-' },
    { bootId: 'b', machineId: '-' },
    'alive',
  ],
  [
    'macOS, another boot',
    { pid: 4711, startTime: '100', bootId: 'b2', machineId: '-' },
    { bootId: 'b', machineId: '-' },
    'dead rebooted',
  ],
  [
    'a container of Linux without an id, seen from macOS',
    { ...WHOLE, machineId: '-', bootId: 'b2' },
    { bootId: 'b', machineId: '-' },
    'unknown unproven-pid',
  ],
  ['nothing is known of the host', { pid: 4711, startTime: '100', bootId: 'b2' }, {}, 'alive'],
];

test.each(origins)('origin: %s', (_, identity, host, expected) => {
  expect(judge(identity, host, running)).toBe(expected);
});

test.each([1, 0, -1, -4711, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 32 + 4711, 2 ** 60])(
  'pid %d is invalid whatever else is known',
  (pid) => {
    for (const sighting of [running, gone])
      expect(judge({ ...WHOLE, pid }, HOST, sighting)).toBe('unknown invalid-pid');
  },
);

const seen = (
  condition: 'running' | 'zombie' | 'zombie-leader',
  startTime?: string,
  commandLine?: string,
): Sighting => ({
  kind: 'seen',
  condition,
  ...(startTime === undefined ? {} : { startTime }),
  ...(commandLine === undefined ? {} : { commandLine }),
});

const sightings: [string, ProcessIdentity, Sighting, string | undefined, string][] = [
  ['gone', WHOLE, gone, undefined, 'dead gone'],
  ['hidden', WHOLE, { kind: 'hidden' }, undefined, 'unknown proc-hidden'],
  ['failed', WHOLE, { kind: 'failed', error: new Error('EMFILE') }, undefined, 'unknown io-error'],
  ['other ticks', WHOLE, seen('running', '101'), undefined, 'dead reused'],
  ['other ticks, zombie leader', WHOLE, seen('zombie-leader', '101'), undefined, 'dead reused'],
  ['same ticks, zombie', WHOLE, seen('zombie', '100'), undefined, 'dead zombie'],
  ['same ticks, zombie that leads a live group', WHOLE, seen('zombie-leader', '100'), undefined, 'alive'],
  ['no start time to be seen', WHOLE, seen('running'), undefined, 'unknown unproven-pid'],
  ['with ticks the mention does not matter', WHOLE, seen('running', '100', 'vi'), 'ID', 'alive'],
  ['bare, gone', BARE, gone, 'ID', 'dead gone'],
  ['bare, hidden', BARE, { kind: 'hidden' }, 'ID', 'unknown proc-hidden'],
  ['bare, mentioned', BARE, seen('running', '100', 'csa run ID'), 'ID', 'alive'],
  ['bare, not mentioned', BARE, seen('running', '100', 'vi'), 'ID', 'dead other-command'],
  ['bare, empty command line', BARE, seen('running', '100', ''), 'ID', 'unknown unproven-pid'],
  ['bare, unreadable command line', BARE, seen('running', '100'), 'ID', 'unknown unproven-pid'],
  ['bare, nothing to mention', BARE, seen('running', '100', 'vi'), undefined, 'unknown unproven-pid'],
  ['bare, empty mention', BARE, seen('running', '100', 'vi'), '', 'unknown unproven-pid'],
  ['bare, zombie', BARE, seen('zombie', '100', ''), 'ID', 'dead zombie'],
  ['bare, zombie leader', BARE, seen('zombie-leader', '100', ''), 'ID', 'unknown unproven-pid'],
  [
    '"-" for ticks is bare',
    { pid: 4711, startTime: '-' },
    seen('running', '100', 'vi'),
    undefined,
    'unknown unproven-pid',
  ],
  [
    'no number for ticks is bare',
    { pid: 4711, startTime: '' },
    seen('running', '100'),
    undefined,
    'unknown unproven-pid',
  ],
];

test.each(sightings)('sighting: %s', (_, identity, sighting, mention, expected) => {
  expect(judge(identity, HOST, sighting, mention)).toBe(expected);
});

const optional = (key: string, values: readonly string[]): Record<string, string>[] => [
  {},
  ...values.map((value) => ({ [key]: value })),
];

/** Every record against every host and every sighting: 3 * 4 * 4 * 3, 3 * 4 * 3, 11 and 2 values. */
function* combinations(): Generator<[ProcessIdentity, Host, Sighting, string | undefined]> {
  const looks = [gone, { kind: 'hidden' }, { kind: 'failed', error: new Error('EIO') }] as Sighting[];
  for (const condition of ['running', 'zombie', 'zombie-leader'] as const) {
    looks.push(seen(condition, '100', 'csa ID'), seen(condition, '101', 'vi'), seen(condition));
  }
  for (const start of optional('startTime', ['100', '-']))
    for (const boot of optional('bootId', ['boot', 'b2', '-']))
      for (const machine of optional('machineId', ['machine', 'm2', '-']))
        for (const namespace of optional('pidNamespace', ['1', '2']))
          for (const bootHere of optional('bootId', ['boot', 'b3']))
            for (const machineHere of optional('machineId', ['machine', 'm3', '-']))
              for (const namespaceHere of optional('pidNamespace', ['1', '3']))
                for (const look of looks)
                  for (const mention of [undefined, 'ID']) {
                    const identity = { pid: 4711, ...start, ...boot, ...machine, ...namespace };
                    yield [identity, { ...bootHere, ...machineHere, ...namespaceHere }, look, mention];
                  }
}

const real = (value: string | undefined): boolean => value !== undefined && value !== '-';
const differ = (one: string | undefined, other: string | undefined): boolean =>
  real(one) && real(other) && one !== other;

test('over every combination: dead and alive are only said of a process that can be told from every other', () => {
  let count = 0;
  const wrong: unknown[] = [];
  for (const [identity, host, look, mention] of combinations()) {
    count += 1;
    const said = judge(identity, host, look, mention);
    const rules = [
      !differ(identity.machineId, host.machineId) || said === 'unknown other-machine',
      said !== 'unknown other-machine' || differ(identity.machineId, host.machineId),
      said !== 'dead rebooted' || differ(identity.bootId, host.bootId),
      !differ(identity.pidNamespace, host.pidNamespace) || said.startsWith('unknown') || said === 'dead rebooted',
      said !== 'alive' ||
        (look.kind === 'seen' && look.condition !== 'zombie' && !differ(identity.bootId, host.bootId)),
      !said.startsWith('dead') || said === 'dead rebooted' || look.kind === 'gone' || look.kind === 'seen',
      said !== 'dead reused' || (look.kind === 'seen' && look.startTime !== identity.startTime),
      look.kind !== 'hidden' || (said !== 'alive' && !/dead (gone|reused|zombie|other)/.test(said)),
      said !== 'alive' || identity.startTime === '100' || mention !== undefined,
    ];
    if (rules.includes(false)) wrong.push([identity, host, look, mention, said, rules.indexOf(false)]);
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(count).toBe(3 * 4 * 4 * 3 * (3 * 4 * 3) * 12 * 2);
});
