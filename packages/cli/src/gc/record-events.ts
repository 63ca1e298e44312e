import { dirname } from 'node:path';
import { type LookupScope, projectAt, Refusal, sessionsDirectory } from '@csa/session';
import { EventFeed } from '../events/event-feed.ts';
import type { Garbage } from './collect-garbage.ts';

/**
 * Writes down what has happened in the projects of these sessions, so that those who read their events miss nothing
 * when the sessions are gone. Where nobody has ever asked for events none are kept.
 * @throws Refusal reason=events-unwritable | state-root-unreadable
 */
export async function recordEvents({ roots, project }: LookupScope, remove: readonly Garbage[]): Promise<void> {
  const sessions = remove.flatMap((garbage) => (garbage.kind === 'session' ? [garbage.session] : []));
  const projects = new Set(sessions.map(({ directory }) => projectAt(directory, roots) ?? project));
  for (const one of projects) await recordProject({ roots, project: one });
}

async function recordProject(scope: LookupScope): Promise<void> {
  let trouble: string | undefined;
  const warn = (_line: string, code: string): void => {
    trouble = code;
  };
  // A silence is for a reader to measure.
  const feed = new EventFeed(scope, { idleMs: Number.POSITIVE_INFINITY, warn });
  if (feed.isKept) await feed.look();
  if (trouble !== undefined) throw unwritable(trouble, scope);
}

function unwritable(code: string, { roots, project }: LookupScope): Refusal {
  const directory = dirname(sessionsDirectory(roots.primary, project));
  return new Refusal({
    reason: 'events-unwritable',
    what: 'nothing was removed: what happened to the sessions cannot be written down for those who read their events',
    expected: `room and the right to write to events.*.jsonl in ${directory}`,
    got: code,
    next: 'Free some space there, or delete these files if nobody goes on reading with --since',
    command: ['session', 'gc', '--dry-run', '--cd', project],
  });
}
