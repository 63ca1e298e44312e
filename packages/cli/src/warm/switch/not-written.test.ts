import { Refusal, refuseStateWrite } from '@csa/session';
import { refusalOf } from '@csa/testkit';
import type { HeartbeatEnd } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { ID, OTHER } from '../../wait/wait-story.test.fixture.ts';
import { type NotWritten, notWritten } from './not-written.ts';

function failed(code: string, heartbeat: HeartbeatEnd, session = ID): NotWritten {
  const refusal = refusalOf(() => refuseStateWrite(Object.assign(new Error('no'), { code }), '/state'));
  if (!(refusal instanceof Refusal)) throw refusal;
  return { key: { caller: { agent: 'codex', id: 't-1' }, session }, heartbeat, refusal };
}

describe('what could not be written down', () => {
  it.each<[string, HeartbeatEnd, string, string]>([
    ['ENOSPC', 'ended', 'disk-full', 'the heartbeat has ended, but that it is off could not be written down'],
    ['EROFS', 'ended', 'state-root-unwritable', 'the heartbeat has ended, but'],
    ['EDQUOT', 'none', 'disk-full', 'nobody sends anything now, but'],
    ['ENOSPC', 'wait', 'disk-full', 'a wait still keeps it warm'],
    ['ENOSPC', 'unknown', 'disk-full', 'whether the heartbeat has ended cannot be told'],
  ])('is told with what was done: %s, %s', (code, heartbeat, reason, words) => {
    const { detail, message } = notWritten([failed(code, heartbeat)]);
    expect([detail.reason, detail.session]).toEqual([reason, ID]);
    expect(message).toContain(words);
    expect(message).toContain(`${code} at /state`);
    expect(message).toContain('switch it off again');
    expect(message).not.toMatch(/record the session|start again/);
    expect(detail.command).toEqual(['session', 'warm', 'off', ID, '--caller', 'codex:t-1']);
  });

  it('of one that was ended: it may be started again', () => {
    expect(notWritten([failed('EROFS', 'ended')]).message).toContain(
      'Make the state root writable, and switch it off again: until then the next csa session warm ID or a hook may start it again.',
    );
  });

  it('of several tells the worst, and of how many', () => {
    const all = [failed('ENOSPC', 'ended'), failed('ENOSPC', 'wait', OTHER)] as const;
    const { detail } = notWritten(all);
    expect(detail.what).toMatch(/^a wait still keeps it warm.*; so of 2 conversations$/);
    expect([detail.session, detail.command]).toEqual([OTHER, ['session', 'warm', 'off']]);
  });

  it('for a reason of its own keeps the next step of that', () => {
    const refusal = new Refusal({ reason: 'warm-state-unusable', what: 'x', next: 'Remove the files' });
    expect(notWritten([{ ...failed('EROFS', 'ended'), refusal }]).message).toContain('Remove the files, and switch it');
  });
});
