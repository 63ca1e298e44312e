import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WaitedSession } from '@csa/calls/look';
import { openNamedDirectory, sessionIdTime } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { ID } from '../wait/wait-story.test.fixture.ts';
import { statusText } from './status-text.ts';

function looked(end: WaitedSession['waited']['end'], stalled = false): WaitedSession {
  const directory = join(temporaryDirectory(), ID);
  mkdirSync(directory);
  const waited = { end, elapsedMs: 0, eventsComplete: true };
  return { waited, session: openNamedDirectory(directory), hasOutput: false, stalled };
}

function startOf({ session }: WaitedSession): number {
  return sessionIdTime(session.id);
}

it.each<[string, WaitedSession['waited']['end'], boolean, string]>([
  ['alive', { kind: 'alive' }, false, 'alive, 1m 5s, no output yet'],
  ['stopped', { kind: 'alive' }, true, 'alive, its supervisor is stopped (SIGSTOP), 1m 5s, no output yet'],
  ['unclear', { kind: 'undetermined', reason: 'starting' }, false, 'unknown: starting, 1m 5s, no output yet'],
])('a session that is %s is said to be so', (_what, end, stalled, text) => {
  const session = looked(end, stalled);
  expect(statusText(session, startOf(session) + 65_000)(80)).toBe(`${ID} ${text} (Ctrl-C leaves it alone)`);
});

it('tells since when there is no output', () => {
  const session = looked({ kind: 'alive' });
  const log = join(session.session.directory, 'stderr.log');
  writeFileSync(log, 'x');
  const last = startOf(session) / 1_000 + 5;
  utimesSync(log, last, last);
  expect(statusText(session, startOf(session) + 9_000)(80)).toContain(' alive, 9s, last output 4s ago (');
});
