import { readdirSync } from 'node:fs';
import { Hints } from '@csa/calls';
import { waitSettings } from '@csa/calls/settings';
import { parseMarkers } from '@csa/markers';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { Interrupts } from '../interrupts.ts';
import { faultsOf } from '../json-schema.test.fixture.ts';
import type { Report } from '../report.ts';
import { startAndWait } from './start-and-wait.ts';

/** A start whose program has got a signal before it began; gives its report and where a session would be. */
async function interruptedStart(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', json: boolean): Promise<[Report, string]> {
  const sessions = temporaryDirectory();
  const interrupts = new Interrupts();
  process.emit(signal);
  const settings = waitSettings({ 'until-done': true, 'trust-result': false }, {}, sessions);
  const scope = { project: sessions, roots: { primary: sessions, legacy: sessions, isDefault: true } };
  const request = {
    argv: ['true'] as const,
    project: sessions,
    sessions,
    description: '',
    inheritedEnv: {},
    addedEnv: {},
    keepAgentMarks: false,
    supervisorScript: '/no/such/script',
  };
  const waiting = {
    scope,
    hints: new Hints(['csa']),
    env: {},
    json,
    settings,
    interrupts,
    warnings: [],
    verbose: false,
  };
  return [await startAndWait(request, waiting), sessions];
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('that is interrupted by %s before it begins starts nothing, and says so', async (signal, exit) => {
  const [{ exitCode, stdout, stderr }, sessions] = await interruptedStart(signal, false);
  expect([exitCode, stdout.length, stderr.length, readdirSync(sessions)]).toEqual([exit, 1, 1, []]);
  const [marker] = parseMarkers(stdout.join('\n'));
  expect(marker?.name).toBe('SESSION_WAIT_INTERRUPTED');
  expect(Object.fromEntries(marker?.attributes ?? [])).toEqual({ status: 'not-started', signal });
});

it('says so in the one document of a wait, too', async () => {
  const [{ exitCode, stdout, stderr }, sessions] = await interruptedStart('SIGINT', true);
  const document: unknown = JSON.parse(stdout.join('\n'));
  expect(faultsOf('session-wait', document)).toEqual([]);
  expect(document).toMatchObject({ wait_result: 'interrupted', session: null, exit: exitCode, reason: 'SIGINT' });
  expect([stderr, readdirSync(sessions)]).toEqual([[], []]);
});
