import { DEAD_EXIT, exitCodeOf, INTERRUPTED_EXITS, NO_ANSWER_EXIT } from '../exit-code.ts';
import type { WaitStory } from './wait-story.ts';

/** The code of a wait for one session. */
export function waitExitCode({ waited: { end }, aliveExitCode, interruption }: WaitStory): number {
  switch (end.kind) {
    case 'finished':
      return exitCodeOf(end.outcome);
    case 'alive':
      return aliveExitCode;
    case 'dead':
      return DEAD_EXIT;
    case 'interrupted':
      return INTERRUPTED_EXITS[interruption ?? 'SIGTERM'];
    case 'undetermined':
    case 'lost':
    case 'alias-trouble':
      return NO_ANSWER_EXIT;
  }
}
