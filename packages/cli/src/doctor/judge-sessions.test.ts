import { Hints, type Located } from '@csa/calls';
import { describe, expect, it } from 'vitest';
import { judgeSessions } from './judge-sessions.ts';
import type { SessionsFacts, Suspect } from './sessions.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const hints = new Hints(['csa']);
const located = { session: { id: ID }, target: { id: ID } } as unknown as Located;
const NONE: SessionsFacts = {
  total: 3,
  looked: 3,
  states: { alive: 1, finished: 2, dead: 0, unknown: 0 },
  logBytes: 1,
  suspects: [],
  leftovers: 0,
  trials: [],
};
const judge = (facts: Partial<SessionsFacts>) => judgeSessions({ ...NONE, ...facts }, hints);

describe('the count', () => {
  it.each<[Partial<SessionsFacts>, string]>([
    [{}, '3 sessions: 1 alive, 2 finished; their logs have 1 MiB'],
    [{ total: 0, looked: 0 }, 'no sessions yet'],
    [{ total: 10_000, looked: 200 }, 'the 200 newest of 10000 sessions'],
    [{ logBytes: 0 }, 'their logs have 0 MiB'],
  ])('%o: %s', (facts, text) => {
    expect(judge(facts)).toEqual([expect.objectContaining({ level: 'ok', finding: expect.stringContaining(text) })]);
  });
});

it.each<[Suspect, string, string | undefined]>([
  [{ kind: 'survivor', located, pid: 42 }, 'a process of its command still runs (pid 42)', `csa session stop ${ID}`],
  [{ kind: 'stopped', located, pid: 42 }, 'is stopped by a signal', 'kill -CONT 42'],
  [{ kind: 'stopped', located, pid: null }, 'is stopped by a signal', undefined],
  [{ kind: 'idle supervisor', located }, 'has ended, its supervisor has not', `csa session stop ${ID}`],
  [{ kind: 'lingering', located }, 'its supervisor has not left', `csa session stop ${ID}`],
])('%o is a warning with a way out', (suspect, text, command) => {
  const [, finding] = judge({ suspects: [suspect] });
  expect(finding).toMatchObject({ level: 'warning', finding: expect.stringContaining(text) });
  expect(finding?.finding).toContain(ID);
  expect(finding?.command).toBe(command);
});

it('sessions of unknown liveness are told by their reasons', () => {
  const unknown = (reason: string): Suspect => ({ kind: 'unknown', located, reason });
  const suspects = [...Array.from({ length: 7 }, () => unknown('other-machine')), unknown('io-error')];
  expect(
    judge({ suspects })
      .slice(1)
      .map(({ level, finding }) => `${level}: ${finding}`),
  ).toEqual([
    `note: 7 of unknown liveness (other-machine): ${Array(5).fill(ID).join(' ')} and 2 more`,
    `note: 1 of unknown liveness (io-error): ${ID}`,
  ]);
});

it('a flood of suspects is cut', () => {
  const suspects = Array.from({ length: 100 }, (): Suspect => ({ kind: 'lingering', located }));
  const findings = judge({ suspects }).slice(1);
  expect(findings).toHaveLength(6);
  expect(findings.at(-1)?.finding).toContain('95 more like this');
});

describe('what was left', () => {
  it('by starts and removals goes with gc, which is shown first', () => {
    expect(judge({ leftovers: 2 })[1]).toMatchObject({
      level: 'warning',
      finding: '2 directories are left of starts or removals that were cut off',
      command: 'csa session gc --all-projects --dry-run',
    });
  });

  it('by doctors is removed by a command that is quoted as it must be', () => {
    const [, finding] = judge({ trials: ['/a b/.doctor-1', "/it's/.doctor-2"] });
    expect(finding).toMatchObject({
      level: 'warning',
      finding: expect.stringContaining('2 directories are left'),
      command: String.raw`rm -rf -- '/a b/.doctor-1' '/it'\''s/.doctor-2'`,
    });
  });

  it('is at most five in a command, and none with a name that cannot be printed', () => {
    const trials = ['/a\u001b/.doctor-0', ...Array.from({ length: 9 }, (_, i) => `/p/.doctor-${i + 1}`)];
    const five = '/p/.doctor-1 /p/.doctor-2 /p/.doctor-3 /p/.doctor-4 /p/.doctor-5';
    expect(judge({ trials })[1]?.command).toBe(`rm -rf -- ${five}`);
    expect(judge({ trials: ['/a\n/.doctor-0'] })[1]).toMatchObject({ remedy: expect.stringContaining('.doctor-') });
    expect(judge({ trials: ['/a\n/.doctor-0'] })[1]?.command).toBeUndefined();
  });
});

it('sessions that cannot be listed are a problem', () => {
  expect(judgeSessions('the sessions cannot be listed', hints)).toEqual([
    expect.objectContaining({ level: 'problem', finding: 'the sessions cannot be listed' }),
  ]);
});
