import type { ListedSession } from '@csa/calls/list';
import { ID } from '../wait/wait-story.test.fixture.ts';

/** A session that finished well, as a list shows it. */
export function listedSession(rest: Partial<ListedSession> = {}): ListedSession {
  return {
    id: ID,
    resolved: null,
    state: 'finished',
    status: 'success',
    exit: 0,
    session_exit: 0,
    reason: null,
    tool: 'npm',
    description: '',
    labels: {},
    started_at: '2026-08-20T09:15:00.000Z',
    elapsed_ms: 61_000,
    idle_ms: null,
    supervisor_pid: 4711,
    command_pid: 4712,
    directory: `/state/sessions/${ID}`,
    stdout_log: `/state/sessions/${ID}/stdout.log`,
    stderr_log: `/state/sessions/${ID}/stderr.log`,
    short_id: ID.slice(0, 10),
    project: '/home/dev/api',
    warm: null,
    ...rest,
  };
}
