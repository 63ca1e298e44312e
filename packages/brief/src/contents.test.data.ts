import type { BriefContent, BriefSession } from './content.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const STATES = ['alive', 'finished', 'dead', 'unknown'] as const;

/** The `n`-th of a project, as it is told when nothing of it is odd. */
export function sessionIn(state: BriefSession['state'], n = 0, more: Partial<BriefSession> = {}): BriefSession {
  const id = `01K${state.charAt(0).toUpperCase()}${`${n}`.padStart(22, '0')}`;
  const verb = { alive: 'wait', finished: 'result', dead: 'status', unknown: 'status' }[state];
  const ended = { status: 'success', exit: 0, summary: `All ${n} tests pass`, endedAt: AT + 60_000 };
  return {
    id,
    state,
    tool: 'codex',
    description: `Job ${n}`,
    startedAt: AT,
    command: `csa session ${verb} ${id}`,
    ...(state === 'finished' ? ended : {}),
    ...more,
  };
}

export function contentOf(sessions: readonly BriefSession[], more: Partial<BriefContent> = {}): BriefContent {
  const counts = Object.fromEntries(
    STATES.map((state) => [state, sessions.filter((session) => session.state === state).length]),
  ) as BriefContent['counts'];
  return { project: '/home/me/project', sessions, counts, warming: [], listCommand: 'csa session list', ...more };
}

/** So many of each state. */
export function manyOf(count: number, more: Partial<BriefSession> = {}): BriefSession[] {
  return STATES.flatMap((state) => Array.from({ length: count }, (_, n) => sessionIn(state, n, more)));
}
