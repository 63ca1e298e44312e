import { answerList, type ListedSession, WANTED_STATES } from '@csa/calls/list';
import type { Host } from '../host.ts';
import { choice, text, whole } from '../input/single-parameters.ts';
import { defineTool, READS, type Tool } from '../tool.ts';

const MOST_ROWS = 50;
const DEFAULT_ROWS = 20;

export function sessionList(host: Host): Tool {
  return defineTool({
    name: 'session_list',
    description: "The project's sessions, newest first, and older ones that still run.",
    annotations: READS,
    parameters: {
      state: choice(WANTED_STATES),
      limit: whole({ min: 1, max: MOST_ROWS, description: `default ${DEFAULT_ROWS}` }),
      cd: text(),
    },
    run: async ({ state, limit = DEFAULT_ROWS, cd }) => {
      const scope = host.scope(cd);
      const filter = state === undefined ? {} : { states: new Set([state]) };
      const newest = { kind: 'newest', count: limit, andAlive: true } as const;
      const { sessions, total, beyondLimit } = await answerList(scope, { filter, allProjects: false, limit: newest });
      const shown = sessions.slice(0, MOST_ROWS);
      const left_out = beyondLimit + sessions.length - shown.length;
      const document = { project: scope.project, total, left_out, sessions: shown.map(row) };
      return { kind: 'document', document };
    },
  });
}

/** What tells one from another, and what one may want to do with it. */
function row({ id, state, exit, reason, tool, description, labels, started_at, idle_ms }: ListedSession): object {
  return {
    id,
    state,
    ...(exit === null ? {} : { exit }),
    ...(reason === null ? {} : { reason }),
    tool,
    ...(description === '' ? {} : { description }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    started_at,
    ...(state === 'alive' && idle_ms !== null ? { idle_ms } : {}),
  };
}
