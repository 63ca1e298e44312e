import { lookupScope } from '@csa/calls';
import { surveySessions } from '@csa/calls/list';
import type { SessionView } from '@csa/calls/view';
import { type LookupScope, parseIdOrPrefix, Refusal } from '@csa/session';
import type { Candidate, Completion } from './candidates.ts';

/** More than these nobody reads; the newest are shown. */
const MAX_CANDIDATES = 50;
const ALIVE = new Set(['alive', 'unknown'] as const);

/** The sessions that may stand at the cursor, newest first, described as a list would. Nothing where none can be read. */
export async function sessionCandidates(
  { wanted, project }: Extract<Completion, { kind: 'ids' }>,
  current: string,
  env: NodeJS.ProcessEnv,
): Promise<Candidate[]> {
  try {
    const prefix = current === '' ? '' : parseIdOrPrefix(current);
    return await collect(lookupScope(project, env), prefix, wanted === 'alive');
  } catch (error) {
    // Somebody presses a key: an error message would be written into the line that is being typed.
    if (error instanceof Refusal) return [];
    throw error;
  }
}

async function collect(scope: LookupScope, prefix: string, onlyAlive: boolean): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for await (const { view } of surveySessions(scope, onlyAlive ? { filter: { states: ALIVE } } : {})) {
    if (view.id.startsWith(prefix)) candidates.push({ word: view.id, about: describe(view) });
    if (candidates.length === MAX_CANDIDATES) break;
  }
  return candidates;
}

function describe({ state, session_exit, tool, description }: SessionView): string {
  const ended = session_exit === null ? state : `exit ${session_exit}`;
  return [ended, tool, description].filter((text) => text !== '').join(', ');
}
