import { Refusal, SESSION_COOKIE } from '@csa/session';
import { parseLabels } from '../../label.ts';
import { isMarked, listingOf, locatedAt } from '../../list/survey.ts';
import { type Located, lookupScope } from '../../locate.ts';

/**
 * The project's sessions that have all of these labels now, whether they have ended or not, the oldest first; without
 * the one in which this very wait runs: it would wait for itself.
 * @throws Refusal reason=bad-label | not-found | invalid-directory | state-root-unreadable
 */
export function locateLabelled(texts: readonly string[], cd: string | undefined, env: NodeJS.ProcessEnv): Located[] {
  const labels = parseLabels(texts);
  const scope = lookupScope(cd, env);
  const { ids, open } = listingOf(scope, false);
  const located = ids
    .toReversed()
    .filter((id) => id !== env[SESSION_COOKIE])
    .flatMap((id) => open(id) ?? [])
    .filter((session) => isMarked(session, { labels }))
    .map((session) => locatedAt(session, scope));
  if (located.length === 0) throw noneLabelled(texts, scope.project);
  return located;
}

function noneLabelled(texts: readonly string[], project: string): Refusal {
  return new Refusal({
    reason: 'not-found',
    what: 'no session has these labels',
    expected: `a session of ${project} that was started with them`,
    got: texts.map((text) => `--label ${text}`).join(' '),
    next: 'The list shows the sessions there are, their labels under --json',
    command: ['session', 'list', '--cd', project],
  });
}
