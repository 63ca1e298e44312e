import { emptyWaitDocument, type WaitDocument } from '@csa/calls';
import { describe, expect, it } from 'vitest';
import { nextOfOne, sameWait } from './next-of-wait.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

describe('after a wait', () => {
  it.each<[string, Partial<WaitDocument>, object]>([
    ['that ended well', { wait_result: 'finished', exit: 0 }, { tool: 'session_result', arguments: { id: ID } }],
    [
      'that ended badly',
      { wait_result: 'finished', exit: 3 },
      { tool: 'session_logs', arguments: { id: ID, tail: 40 } },
    ],
    ['for a dead one', { wait_result: 'dead' }, { tool: 'session_status', arguments: { id: ID } }],
    ['at its cap', { wait_result: 'alive' }, { tool: 'session_wait', arguments: { ids: [ID] } }],
    ['that could not tell', { wait_result: 'unknown' }, { tool: 'session_wait', arguments: { ids: [ID] } }],
    ['for one that was removed', { wait_result: 'error' }, { tool: 'session_list', arguments: {} }],
  ])('%s comes the call that goes on, beside the command', (_, ending, call) => {
    const next = { cmd: 'csa ...', tool_timeout_ms: null };
    const document = { ...emptyWaitDocument(0), session: ID, next, ...ending };
    expect(nextOfOne(document, { ids: [ID] })).toEqual({ ...next, ...call });
  });
});

describe('the same wait again', () => {
  it.each([
    ['keeps what was asked', { mode: 'any' as const, cap: '1h' }, { mode: 'any', cap: '1h' }],
    ['keeps a count', { count: 2 }, { count: 2 }],
    ['keeps no quick look', { cap: '5s' }, {}],
    ['keeps the shortest cap that is none', { cap: '30' }, { cap: '30' }],
  ])('%s', (_, asked, kept) => {
    expect(sameWait({ ids: [ID], ...asked })).toEqual({ tool: 'session_wait', arguments: { ids: [ID], ...kept } });
  });
});
