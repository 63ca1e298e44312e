import type { Located } from '@csa/calls';
import { stateRoots } from '@csa/session';
import { refusalOf } from '@csa/testkit';
import type { WaitEnd } from '@csa/wait';
import { expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { finished, ID, OTHER, outcomeOf } from '../wait/wait-story.test.fixture.ts';
import { aliveDocument, aliveReport } from './alive-report.ts';

const SESSION = { id: ID as Located['session']['id'], directory: `/s/${ID}`, device: 1n, inode: 1n, owner: 0 };
const LOCATED: Located = {
  session: SESSION,
  scope: { project: '/p', roots: stateRoots({ HOME: '/h' }) },
  target: { id: ID },
  project: '/p',
};

function lookedAt(end: WaitEnd) {
  return { waited: { end, elapsedMs: 1, eventsComplete: true }, session: SESSION, hasOutput: false, stalled: false };
}

it.each<[WaitEnd, string, number]>([
  [{ kind: 'alive' }, 'alive', 0],
  [{ kind: 'alive', provisional: 'success' }, 'alive', 0],
  [finished(outcomeOf('success', 0)), 'finished', 1],
  [finished(outcomeOf('failure', 3)), 'finished', 1],
  [finished(outcomeOf('failure', 0)), 'finished', 1],
  [{ kind: 'dead' }, 'dead', 124],
])('of %o is %s, exit %i, and prints nothing', (end, state, exit) => {
  expect(aliveReport(LOCATED, lookedAt(end))).toEqual({ exitCode: exit, stdout: [], stderr: [] });
  const { exitCode, stdout } = aliveDocument(LOCATED, { ...lookedAt(end), resolved: OTHER });
  const document = JSON.parse(stdout.join('\n'));
  expect(faultsOf('session-is-alive', document)).toEqual([]);
  expect([exitCode, document]).toEqual([exit, expect.objectContaining({ session: ID, resolved: OTHER, state, exit })]);
});

it.each<[WaitEnd, string]>([
  [{ kind: 'undetermined', reason: 'proc-hidden' }, 'proc-hidden'],
  [{ kind: 'undetermined', reason: 'io-error' }, 'io-error'],
  [{ kind: 'alias-trouble', reason: 'alias-loop' }, 'alias-loop'],
  [{ kind: 'lost' }, 'registry-lost'],
])('of %o is unknown, and says why', (end, reason) => {
  const refusal = refusalOf(() => aliveReport(LOCATED, lookedAt(end)));
  expect([refusal.reason, refusal.detail.command]).toEqual([reason, ['session', 'status', ID, '--explain']]);
  const { exitCode, stdout } = aliveDocument(LOCATED, lookedAt(end));
  const document = JSON.parse(stdout.join('\n'));
  expect(faultsOf('session-is-alive', document)).toEqual([]);
  expect([exitCode, document]).toEqual([125, expect.objectContaining({ state: 'unknown', exit: 125, reason })]);
});
