import { Hints } from '@csa/calls';
import type { WaitEnd } from '@csa/wait';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../json-schema.test.fixture.ts';
import { ENDS } from '../wait-ends.test.data.ts';
import { attributesOf, finished, markersOf, OTHER, outcomeOf, statusMarker } from '../wait-story.test.fixture.ts';
import { reportMany, toldMembers } from './many-report.ts';
import { idAt, manyOf, memberOf, onlyCounting } from './many-story.test.fixture.ts';
import type { WordedMany } from './many-words.ts';

const FINE = finished(outcomeOf('success', 0, { summary: 'all good' }));
const failed = (code: number) => finished(outcomeOf('failure', code, { summary: '2 tests failed' }));
const DEAD: WaitEnd = { kind: 'dead' };
const ALIVE: WaitEnd = { kind: 'alive' };
const HIDDEN: WaitEnd = { kind: 'undetermined', reason: 'proc-hidden' };
const LOST: WaitEnd = { kind: 'lost' };
const LOOP: WaitEnd = { kind: 'alias-trouble', reason: 'alias-loop' };

const said = (many: WordedMany) => {
  const report = reportMany(many);
  const { name, attributes } = statusMarker(report);
  return { code: report.exitCode, name, says: Object.fromEntries(attributes) };
};
const documentOf = (many: WordedMany): Record<string, unknown> => {
  const { stdout } = reportMany({ ...many, json: true });
  expect(stdout).toHaveLength(1);
  return JSON.parse(stdout[0] ?? '') as Record<string, unknown>;
};

describe('the answer about several', () => {
  const SUCCESS = { status: 'success', exit: '0', synthetic: 'false' };
  it.each<[string, WaitEnd[], number, string, Record<string, string>]>([
    ['all well', [FINE, FINE], 0, 'COMPLETED', { ...SUCCESS, sessions: '2', finished: '2', alive: '0', failed: '0' }],
    ['one failed', [FINE, failed(3), FINE], 3, 'COMPLETED', { status: 'failure', failed: '1', decided_by: idAt(1) }],
    ['two failed', [failed(7), failed(3)], 7, 'COMPLETED', { failed: '2', decided_by: idAt(0) }],
    ['one dead', [FINE, DEAD], 124, 'TIMEOUT', { status: 'dead', exit: '124', dead: '1', decided_by: idAt(1) }],
    ['one dead, one failed', [DEAD, failed(3)], 3, 'COMPLETED', { status: 'failure', dead: '1', decided_by: idAt(1) }],
    ['one alive', [FINE, ALIVE], 9, 'KV_WARM', { status: 'alive', exit: '9', finished: '1', alive: '1', cap: '240s' }],
    [
      'one alive, one failed',
      [ALIVE, failed(3)],
      3,
      'KV_WARM',
      { status: 'alive', exit: '3', alive: '1', failed: '1' },
    ],
    ['one alive, one dead', [ALIVE, DEAD], 124, 'TIMEOUT', { status: 'dead', alive: '1', dead: '1' }],
    ['one unknown', [ALIVE, HIDDEN], 125, 'UNKNOWN', { reason: 'proc-hidden', unknown: '1', decided_by: idAt(1) }],
    ['one lost', [FINE, LOST], 125, 'ERROR', { reason: 'registry-lost', decided_by: idAt(1) }],
    ['an alias in a loop', [LOOP, ALIVE], 125, 'ERROR', { reason: 'alias-loop', unknown: '1', alive: '1' }],
  ])('%s', (_, ends, code, name, says) => {
    const answer = said(manyOf(ends, { aliveExitCode: 9 }));
    expect([answer.code, answer.name]).toEqual([code, `SESSION_WAIT_${name}`]);
    expect(answer.says).toMatchObject(says);
  });

  it('is of those that count alone, and names a wait for the others', () => {
    const first = said(onlyCounting(manyOf([ALIVE, FINE, failed(3)]), 1));
    expect([first.code, first.name, first.says['decided_by']]).toEqual([0, 'SESSION_WAIT_COMPLETED', idAt(1)]);
    expect(first.says['rest_cmd']).toBe(`csa session wait ${idAt(0)} ${idAt(2)} --any`);
    const two = said(onlyCounting(manyOf([ALIVE, FINE, DEAD]), 1, 2));
    expect([two.code, two.says['rest_cmd']]).toEqual([124, `csa session wait ${idAt(0)} --all`]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['parent-gone', 129],
  ] as const)('that %s ended is none of theirs', (interruption, code) => {
    const answer = said(manyOf([failed(3), ALIVE], { outcome: 'interrupted', interruption }));
    expect([answer.code, answer.name]).toEqual([code, 'SESSION_WAIT_INTERRUPTED']);
    expect(answer.says).toMatchObject({ sessions: '2', status: 'alive', exit: String(code), failed: '1' });
    expect(answer.says[interruption === 'parent-gone' ? 'reason' : 'signal']).toBe(interruption);
  });
});

describe('the next command', () => {
  it('names all that can be named, also those that have ended: the code of the next wait is that of all', () => {
    const { says } = said(manyOf([FINE, failed(3), ALIVE, LOST], { waitFlags: ['--alive-exit-code', '75'] }));
    expect(says['cmd']).toBe(`csa session wait ${idAt(0)} ${idAt(1)} ${idAt(2)} --all --alive-exit-code 75`);
  });

  it('needs no more of them than it names', () => {
    const need = { mode: 'count', count: 3 } as const;
    expect(said(manyOf([ALIVE, ALIVE, LOST, LOST], { need })).says['rest_cmd']).toBe(
      `csa session wait ${idAt(0)} ${idAt(1)} --count 2`,
    );
  });

  it('names directories where ids would not be found, all of them or none', () => {
    const inState = (index: number, directory: string) =>
      memberOf(ALIVE, index, { target: { id: idAt(index), directory } });
    const members = [inState(0, '/s/a b'), inState(1, '/s/c')];
    expect(said(manyOf([ALIVE, ALIVE], { members })).says['cmd']).toBe(
      "csa session wait --dir '/s/a b' --dir /s/c --all",
    );
    const odd = [inState(0, '/s/\u0007'), inState(1, '/s/c')];
    expect(said(manyOf([ALIVE, ALIVE], { members: odd })).says['cmd']).toBe(
      `csa session wait ${idAt(0)} ${idAt(1)} --all`,
    );
  });

  it('is safe under a lowered cap, and one that pays stands beside it while it is short', () => {
    const lowered = { fullCapMs: 240_000, toolMaxMs: 600_000 };
    const cap = { capMs: 110_000, source: 'claude-code', lowered } as const;
    const few = said(manyOf([ALIVE, ALIVE], { cap })).says;
    expect(few).toMatchObject({ tool_timeout_ms: '250000', full_cmd: `${few['cmd']} --cap 240s` });
    const many = said(manyOf(Array(200).fill(ALIVE), { cap })).says;
    expect([many['full_cmd'], many['tool_timeout_ms'], many['cmd']?.split(' ').length]).toEqual([
      undefined,
      undefined,
      204,
    ]);
    const hour = { capMs: 110_000, source: 'claude-code', lowered: { ...lowered, fullCapMs: 3_300_000 } } as const;
    expect(said(manyOf([ALIVE, ALIVE], { cap: hour })).says).toMatchObject({
      action: 'background',
      run_in_background: 'true',
      tool_timeout_ms: '600000',
      cmd: `csa session wait ${idAt(0)} ${idAt(1)} --all --until-done`,
    });
  });

  it('is hinted at before the marker, with what the exit code is', () => {
    const hintOf = (ends: WaitEnd[]) => attributesOf(markersOf(reportMany(manyOf(ends))).at(-2))['rule'];
    expect(hintOf([ALIVE, FINE])).toMatch(/^exit 0 is healthy: 1 alive; run cmd again/);
    expect(hintOf([ALIVE, failed(3)])).toMatch(/^exit 3 is of a session that failed; 1 alive; run cmd again/);
  });
});

describe('the JSON document', () => {
  const all: [string, WordedMany][] = [
    ...ENDS.filter(({ end }) => end.kind !== 'interrupted').map(({ name, end, story }): [string, WordedMany] => [
      name,
      manyOf([end, FINE, ALIVE], { members: [memberOf(end, 0, { ...story, resolved: OTHER }), memberOf(ALIVE, 1)] }),
    ]),
    ['one of any', onlyCounting(manyOf([ALIVE, FINE]), 1)],
    ['interrupted', manyOf([ALIVE], { outcome: 'interrupted', interruption: 'SIGINT' })],
    ['all well', manyOf([FINE, FINE])],
  ];
  it.each(all)('is valid by the published schema, under the same code: %s', (_, many) => {
    const document = documentOf(many);
    expect(faultsOf('session-wait-many', document)).toEqual([]);
    expect(document['exit']).toBe(reportMany(many).exitCode);
  });

  it('has all of them, whatever the markers leave out', () => {
    const many = manyOf(Array(200).fill(failed(3)));
    expect(documentOf(many)['sessions']).toHaveLength(200);
    expect(documentOf(onlyCounting(manyOf([ALIVE, failed(3), FINE]), 1))).toMatchObject({
      wait_result: 'finished',
      exit: 3,
      need: { mode: 'any', count: 1 },
      met: true,
      decided_by: idAt(1),
      counts: { sessions: 3, finished: 2, alive: 1, failed: 1, dead: 0, unknown: 0 },
      sessions: [
        { session: idAt(0), wait_result: 'alive', counts: false },
        { session: idAt(1), wait_result: 'finished', exit: 3, summary: '2 tests failed', counts: true },
        { session: idAt(2), wait_result: 'finished', exit: 0, counts: false },
      ],
      next: { cmd: `csa session wait ${idAt(0)} ${idAt(2)} --any` },
    });
  });

  it.each<[string, WaitEnd[], string, RegExp | null]>([
    ['alive', [FINE, ALIVE], 'alive', / session wait \S+ \S+ --all$/],
    ['dead', [FINE, DEAD], 'dead', / session status \S+ --explain$/],
    ['unknown', [FINE, HIDDEN], 'unknown', / session wait \S+ \S+ --all$/],
    ['lost', [FINE, LOST], 'error', / session list$/],
    ['finished', [FINE, failed(3)], 'finished', null],
  ])('says what to do next: %s', (_, ends, result, next) => {
    const document = documentOf(manyOf(ends)) as { wait_result: string; next: { cmd: string } | null };
    expect(document.wait_result).toBe(result);
    if (next === null) expect(document.next).toBeNull();
    else expect(document.next?.cmd).toMatch(next);
  });
});

describe('the words for people', () => {
  const words = (many: WordedMany) => reportMany(many).stderr;

  it('say each session in a line or two, those that matter first, then the whole and what to do', () => {
    expect(words(manyOf([FINE, ALIVE, failed(3), DEAD]))).toEqual([
      `session ${idAt(2)} finished: failure (exit 3)`,
      '  2 tests failed',
      `session ${idAt(3)} is dead: its supervisor is gone and recorded no result.`,
      `session ${idAt(1)} is alive after waiting 12s.`,
      `session ${idAt(0)} finished: success (exit 0)`,
      '  all good',
      `After 12s: 2 of 4 finished, 1 of them badly, 1 alive, 1 dead. The exit code, 3, is that of session ${idAt(2)}.`,
      `The others go on. Wait again: csa session wait ${idAt(0)} ${idAt(1)} ${idAt(2)} ${idAt(3)} --all`,
    ]);
  });

  it('say how many are left out', () => {
    const lines = words(manyOf(Array(200).fill(DEAD)));
    expect(lines.filter((line) => line.includes(' is dead: '))).toHaveLength(20);
    expect(lines).toContain('and 180 more; --json tells of all');
  });

  it('name the wait for the others after --any', () => {
    expect(words(onlyCounting(manyOf([ALIVE, FINE]), 1)).at(-1)).toBe(
      `Wait for the rest: csa session wait ${idAt(0)} --any`,
    );
  });

  it('are notes first, and warn CI of living sessions, also under --json', () => {
    const many = manyOf([ALIVE], { isCi: true, notes: ['a warning'] });
    expect(words(many)[0]).toBe('csa: a warning');
    for (const json of [false, true]) expect(words({ ...many, json }).join('\n')).toContain('--alive-exit-code 75');
    expect(words({ ...many, aliveExitCode: 75 }).join('\n')).not.toContain('In CI');
  });
});

it('only an answer that all is alive must not be lost', () => {
  expect(reportMany(manyOf([ALIVE, FINE])).needsOutput).toBe(true);
  expect(reportMany(manyOf([FINE, failed(3)])).needsOutput).toBe(false);
  expect(reportMany(manyOf([ALIVE, failed(3)])).needsOutput).toBe(false);
});

it('commands of a csa that is not in the path are whole', () => {
  const hints = new Hints(['/opt/a b/node', '/x/csa.js']);
  const { says } = said(manyOf([ALIVE], { hints }));
  expect(says['cmd']).toBe(`'/opt/a b/node' /x/csa.js session wait ${idAt(0)} --all`);
});

describe('the members that are told of one by one', () => {
  it('are those that standard output names', () => {
    for (const count of [1, 5, 15, 16, 17, 40]) {
      for (const ends of [[FINE], [FINE, ALIVE], [DEAD, FINE, failed(3), ALIVE, HIDDEN]]) {
        const many = manyOf(Array.from({ length: count }, (_, i) => ends[i % ends.length] as WaitEnd));
        const named = reportMany(many)
          .stdout.slice(0, -1)
          .flatMap((text) => / session=(\S+)/.exec(text)?.[1] ?? []);
        expect(toldMembers(many).map(idAt)).toEqual(named);
        expect(named.length).toBeGreaterThan(0);
      }
    }
  });

  it('are all of them in a document', () => {
    const many = manyOf(Array<WaitEnd>(40).fill(FINE), { json: true });
    expect(toldMembers(many)).toEqual([...Array(40).keys()]);
    expect(toldMembers({ ...many, json: false }).length).toBeLessThan(40);
  });
});
