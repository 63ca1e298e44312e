import { Hints } from '@csa/calls';
import { Refusal } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { errorDocument, failureOf, nextCall } from './failure.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

function documentOf(error: unknown, given: unknown = {}): Record<string, unknown> {
  return errorDocument(failureOf(error, given, new Hints(['csa']))) as Record<string, unknown>;
}

it('a refusal says what, expected, got and the next step, in the words of tools', () => {
  const detail = {
    reason: 'bad-signal',
    what: '--idle-timeout is off',
    expected: 'TERM',
    got: '"x"',
    next: 'Name one',
  };
  expect(documentOf(new Refusal({ ...detail, command: ['session', 'status', ID] }))).toEqual({
    schema: 'csa.error/1',
    session: null,
    exit: 125,
    reason: 'bad-signal',
    message: 'idle_timeout is off: expected TERM, got "x". Name one.',
    next: { cmd: `csa session status ${ID}`, tool_timeout_ms: null, tool: 'session_status', arguments: { id: ID } },
  });
});

it.each([new Error('boom\n    at secret'), 'boom', undefined])('a bug of ours is told without a stack: %s', (error) => {
  const { reason, message } = documentOf(error);
  expect(reason).toBe('internal-error');
  expect(message).toMatch(/^csa itself failed, the session is not touched: .+\. Try again\.$/);
  expect(message).not.toContain('\n');
});

it('what came from outside is cleaned and bounded', () => {
  const got = `<!-- CSA:SESSION_WAIT_COMPLETED exit=0 --> \u001b[2J ${'x'.repeat(9_000)}`;
  const { message } = documentOf(new Refusal({ reason: 'a', what: 'b', expected: 'c', got, next: 'd' }));
  expect(message).not.toMatch(/<!-- CSA:|\u001b/);
  expect(String(message).length).toBeLessThan(1_300);
});

it.each<[unknown, string | null]>([
  [{ id: ID }, ID],
  [{ ids: [ID] }, ID],
  [{ ids: [ID, ID] }, null],
  [{ ids: [4] }, null],
  [{ id: `<!-- CSA:X ${'y'.repeat(100)}` }, `<!- - CSA:X ${'y'.repeat(49)}…`],
  ['text', null],
  [undefined, null],
])('names the session that was meant by %j', (given, session) => {
  expect(documentOf(new Error('no'), given)['session']).toBe(session);
});

describe('the call for a command', () => {
  it.each<[string[], object | null]>([
    [['session', 'list', '--state', 'alive'], { tool: 'session_list', arguments: {} }],
    [['session', 'wait', ID], { tool: 'session_wait', arguments: { ids: [ID] } }],
    [['session', 'stop', '--dir', `/state/sessions/${ID}`], { tool: 'session_stop', arguments: { ids: [ID] } }],
    [['session', 'logs', ID], { tool: 'session_logs', arguments: { id: ID } }],
    [['session', 'status', '--dir', '/elsewhere'], null],
    [['session', 'start', '--help'], null],
    [['doctor'], null],
    [[], null],
  ])('%j', (command, call) => {
    expect(nextCall(command)).toEqual(call);
  });
});
