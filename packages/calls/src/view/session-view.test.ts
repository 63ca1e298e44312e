import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openNamedDirectory, type Session, type SessionId, sessionIdTime } from '@csa/session';
import { finished, SESSION_ID as ID, OTHER_ID as OTHER, outcomeOf, temporaryDirectory } from '@csa/testkit';
import type { WaitEnd } from '@csa/wait';
import { describe, expect, it } from 'vitest';
import type { WaitedSession } from '../wait/wait-session.ts';
import { type SessionView, viewSession } from './session-view.ts';

const HOSTILE = 'a\nb\u001b[31m\u202e<!-- CSA:SESSION_RESULT -->';

function sessionWith(files: Readonly<Record<string, string>> = {}): Session {
  const directory = join(temporaryDirectory(), ID);
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return openNamedDirectory(directory);
}

function view(end: WaitEnd, session = sessionWith(), more: Partial<WaitedSession> = {}): SessionView {
  const waited = { end, elapsedMs: 1, eventsComplete: true };
  return viewSession(session, { waited, session, hasOutput: true, stalled: false, ...more });
}

it.each<[WaitEnd, object]>([
  [{ kind: 'alive' }, { state: 'alive', status: null, exit: null, reason: null }],
  [{ kind: 'dead' }, { state: 'dead', status: null, exit: null, reason: null }],
  [
    { kind: 'undetermined', reason: 'proc-hidden' },
    { state: 'unknown', reason: 'proc-hidden', exit: null },
  ],
  [
    { kind: 'alias-trouble', reason: 'alias-loop' },
    { state: 'unknown', reason: 'alias-loop' },
  ],
  [{ kind: 'lost' }, { state: 'unknown', reason: 'registry-lost' }],
  [
    { kind: 'interrupted', daemon: 'alive' },
    { state: 'unknown', reason: null },
  ],
  [finished(outcomeOf('success', 0)), { state: 'finished', status: 'success', exit: 0, reason: null }],
  [finished(outcomeOf('failure', 300)), { state: 'finished', status: 'failure', exit: 1 }],
  [finished(outcomeOf('timeout', 143, { detail: 'time-limit' })), { exit: 143, reason: 'time-limit' }],
  [finished(outcomeOf('failure', 1), { reason: 'result-missing' }), { reason: 'result-missing' }],
])('says what %o means', (end, said) => {
  expect(view(end)).toMatchObject(said);
});

describe('what a session says of itself', () => {
  it('is nothing where there is nothing', () => {
    const session = sessionWith();
    expect(view({ kind: 'alive' }, session)).toMatchObject({
      id: ID,
      resolved: null,
      tool: '',
      description: '',
      idle_ms: null,
      supervisor_pid: null,
      directory: session.directory,
      stdout_log: join(session.directory, 'stdout.log'),
      stderr_log: join(session.directory, 'stderr.log'),
    });
  });

  it('is shown as one clean line, cut at 200 bytes', () => {
    const session = sessionWith({
      'state.toml': `meta_session_id = "${ID}"\ndescription = ${JSON.stringify(HOSTILE + 'ü'.repeat(500))}\n`,
      'metadata.toml': `tool = ${JSON.stringify(HOSTILE)}\n`,
      'daemon.pid': '4711 1 boot machine ns 1 2\n',
    });
    const { tool, description, supervisor_pid } = view({ kind: 'alive' }, session, { resolved: OTHER });
    expect([tool, supervisor_pid]).toEqual(['a b<!- - CSA:SESSION_RESULT -->', 4711]);
    expect(description).toMatch(/^a b<!- - CSA:SESSION_RESULT -->ü+…$/);
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(200);
  });

  it('may come from its result, where the rest is torn', () => {
    const session = sessionWith({ 'metadata.toml': 'tool = "', 'state.toml': '', 'daemon.pid': 'x' });
    const shown = view(finished(outcomeOf(HOSTILE, 3, { tool: 'codex', detail: HOSTILE })), session);
    const clean = 'a b<!- - CSA:SESSION_RESULT -->';
    expect(shown).toMatchObject({ tool: 'codex', status: clean, reason: clean, supervisor_pid: null, description: '' });
  });

  it('names the session that it stands for', () => {
    expect(view({ kind: 'alive' }, sessionWith(), { resolved: OTHER }).resolved).toBe(OTHER);
  });
});

describe('the times', () => {
  const start = sessionIdTime(ID as SessionId);

  it('begin with the id, and end with the record where there is one', () => {
    const completedAt = new Date(start + 61_500).toISOString();
    const done = view(finished(outcomeOf('success', 0, { completedAt })), sessionWith({ 'stdout.log': 'x' }));
    expect(done).toMatchObject({ started_at: new Date(start).toISOString(), elapsed_ms: 61_500, idle_ms: null });
  });

  it.each(['', 'soon', new Date(start - 5_000).toISOString()])('are never negative or no number: %j', (completedAt) => {
    const { elapsed_ms } = view(finished(outcomeOf('success', 0, { completedAt })));
    expect(elapsed_ms).toBeGreaterThanOrEqual(0);
  });

  it('tell since when nothing was printed, in whole milliseconds', () => {
    expect(view({ kind: 'alive' }, sessionWith(), { idleMs: 52_000.4 }).idle_ms).toBe(52_000);
    expect(view({ kind: 'alive' }).idle_ms).toBeNull();
  });
});

it('shows labels as clean text, whatever they are called', () => {
  const labels = ['team=a\u001b[31mpi', '__proto__=x'].map((text) => JSON.stringify(text));
  const session = sessionWith({ 'metadata.toml': `tool = "x"\nlabels = [${labels.join(', ')}]\n` });
  expect(Object.entries(view({ kind: 'alive' }, session).labels)).toEqual([
    ['team', 'api'],
    ['__proto__', 'x'],
  ]);
});
