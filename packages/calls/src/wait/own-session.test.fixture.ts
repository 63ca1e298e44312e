import { join } from 'node:path';
import { holdLifeline, identify } from '@csa/liveness';
import {
  bear,
  createUnborn,
  LIFELINE_FILE,
  type LookupScope,
  recordDaemon,
  reserveResult,
  type Session,
  type SessionResult,
  sessionsDirectory,
} from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { onTestFinished } from 'vitest';

/** A session of ours whose supervisor is this very process: it dies, for every observer, when `die` is called. */
export interface OwnSession {
  readonly session: Session;
  die(): void;
}

export const RESULT: SessionResult = {
  status: 'failure',
  exitCode: 3,
  summary: 'no good',
  tool: 'make',
  startedAt: '2026-08-20T09:15:03.771Z',
  completedAt: '2026-08-20T09:41:07.318Z',
};

export function emptyScope(): LookupScope {
  const root = temporaryDirectory();
  const roots = { primary: join(root, 'state'), legacy: join(root, 'legacy'), isDefault: false };
  return { project: root, roots };
}

export async function ownSession(scope: LookupScope, labels: readonly string[] = []): Promise<OwnSession> {
  const sessions = sessionsDirectory(scope.roots.primary, scope.project);
  const pairs = new Map(labels.map((label) => label.split('=', 2) as [string, string]));
  const wish = { project: scope.project, description: 'a test', tool: 'make', labels: pairs };
  const unborn = createUnborn(sessions, wish);
  const lifeline = holdLifeline(join(unborn.directory, LIFELINE_FILE));
  onTestFinished(() => lifeline.release());
  reserveResult(unborn.directory);
  recordDaemon(unborn.directory, (await identify(process.pid)) ?? { pid: process.pid }, lifeline);
  return { session: bear(unborn), die: () => lifeline.release() };
}
