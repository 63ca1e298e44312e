import { cleanLine } from '@csa/markers';
import { readResumeTarget, readState } from '@csa/session';
import type { Located } from '../locate.ts';
import type { WaitedSession } from '../wait/wait-session.ts';
import { type WarmFields, warmFields } from '../warm/status/warm-document.ts';
import { warmOfSession } from '../warm/status/warm-of-session.ts';
import { type Aftermath, readAftermath } from './aftermath.ts';
import { type RecordEntry, viewRecord } from './record-view.ts';
import { measureSession, type Resources } from './resources.ts';
import { MAX_TEXT_BYTES, type SessionView, viewSession } from './session-view.ts';

/** All that is known of one session; all text is clean. */
export interface StatusView extends SessionView, Aftermath {
  readonly project: string;
  /** As state.toml has it. */
  readonly created_at: string | null;
  /** As the result has them: the command's own times. */
  readonly command_started_at: string | null;
  readonly completed_at: string | null;
  /** The session that a wrapper stands for, as it says. */
  readonly resume_target: string | null;
  /** A process of the command that outlived its supervisor. */
  readonly survivor: number | null;
  /** The supervisor is stopped (SIGSTOP). */
  readonly stalled: boolean;
  /** While something of it may run, and can be seen from here. */
  readonly resources: Resources | null;
  /** How conversations' caches are kept warm for it; `null`: none ever was. */
  readonly warm: readonly WarmFields[] | null;
  readonly record: readonly RecordEntry[];
}

/** Puts together what one look showed, what stands in the record, and what the session's processes use. */
export async function viewStatus(
  { session, project, scope }: Located,
  looked: WaitedSession,
  env: NodeJS.ProcessEnv,
): Promise<StatusView> {
  const { end } = looked.waited;
  const outcome = end.kind === 'finished' ? end.outcome : undefined;
  const state = readState(looked.session);
  const target = readResumeTarget(session);
  const warmed = await warmOfSession(scope.roots, session.id, env);
  return {
    ...viewSession(session, looked),
    project: cleanLine(project),
    created_at: state.kind === 'present' ? clean(state.value.createdAt) : null,
    command_started_at: clean(outcome?.startedAt),
    completed_at: clean(outcome?.completedAt),
    ...readAftermath(looked),
    resume_target: target.kind === 'present' ? target.value : null,
    survivor: looked.survivor ?? null,
    stalled: looked.stalled,
    resources: (await measureSession(looked)) ?? null,
    warm: warmed.length === 0 ? null : warmed.map(warmFields),
    record: viewRecord(looked.session),
  };
}

function clean(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : cleanLine(text, MAX_TEXT_BYTES);
}
