import type { TurnTokens } from '@csa/transcript';
import type { Usage } from '../policy/usage.ts';

/** What was used since `before`, of two counts of one thread. `null`: they do not fit, and tell nothing. */
export function usageSince(before: TurnTokens, after: Usage): Usage | null {
  const since = {
    input: difference(after.input, before.input),
    read: difference(after.read, before.read),
    write: difference(after.write, before.write),
    writeHour: difference(after.writeHour, before.writeHour),
    output: difference(after.output, before.output),
  };
  return Object.values(since).some((tokens) => tokens !== null && tokens < 0) ? null : since;
}

function difference(after: number | null, before: number): number | null {
  return after === null ? null : after - before;
}
