import { thisHost } from './host.ts';
import { isBare, judgeOrigin, judgeSighting, type Liveness } from './judge.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { sight } from './sighting.ts';

/**
 * Whether the process of this identity still runs. Only looks; trouble in looking is `unknown`, never a throw.
 *
 * @param mention text that the command line of a bare pid (no startTime) must contain to count as alive
 */
export async function probe(identity: ProcessIdentity, mention?: string): Promise<Liveness> {
  // Of another machine or namespace the pid here says nothing: it is not even looked at.
  const elsewhere = judgeOrigin(identity, thisHost());
  return elsewhere ?? judgeSighting(identity, await sight(identity.pid, isBare(identity)), mention);
}
