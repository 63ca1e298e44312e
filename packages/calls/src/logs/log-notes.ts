import { describeDuration } from '../duration.ts';
import type { LogForm } from './log-stream.ts';
import type { ShownLog } from './read-logs.ts';

/** What people should know about what they are shown, for standard error. */
export function beginningNotes(shown: readonly ShownLog[], form: LogForm, now: number): string[] {
  // Whoever went away wants to hear nothing.
  if (shown.some(({ beginning }) => beginning.kind === 'unread')) return [];
  const kinds = shown.map(({ beginning }) => beginning.kind);
  if (kinds.every((kind) => kind === 'empty')) return ['the logs are empty'];
  if (kinds.every((kind) => kind !== 'shown')) {
    return [`nothing was written in the last ${describeDuration(now - (form.since ?? now))}`];
  }
  return shown.flatMap(({ name, beginning: { isCut, lacksTimes } }) => [
    ...(lacksTimes ? [`${name}: no line begins with a time, so it is shown from before --since, too`] : []),
    ...(isCut ? [`${name}: only its end is shown; --tail all shows everything`] : []),
  ]);
}
