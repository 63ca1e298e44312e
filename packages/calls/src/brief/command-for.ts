import type { BriefSession } from '@csa/brief';
import type { Hints, HintTarget } from '../hints.ts';

/**
 * What to do about a session: wait for one that lives, see how one has finished, be told why nothing is known. A wait
 * for a dead one ends at once and says what there is to know; afterwards it counts as collected.
 */
export function commandFor(state: BriefSession['state'], target: HintTarget, hints: Hints): string {
  switch (state) {
    case 'alive':
    case 'dead':
      return hints.session('wait', target);
    case 'finished':
      return hints.session('result', target);
    case 'unknown':
      return hints.session('status', target, ['--explain']);
  }
}
