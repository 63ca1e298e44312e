import { errnoOf, namesIn } from '@csa/session/files';
import { Flight } from './flight.ts';
import { credentialHash } from './key-directory.ts';
import { WarmClaim } from './warm-claim.ts';

/** Of a claim's versions, and of their drafts. */
const NAME = /^\.?([0-9a-f]{32})\./;
/** Whoever cannot be looked at is believed for so long to prune. */
const PRUNING_MS = 60_000;

/** What all share that ask with one credential. @param store its directory */
export function flightOf(store: string, credential: string): Flight {
  return new Flight(placeIn(store), credentialHash(credential));
}

/** Ends the programs that killed warmers have left running, as far as they can be proven. Never throws. */
export async function endLeftRunning(store: string): Promise<void> {
  await Promise.all(claimsIn(store).map((claim) => claim.clear()));
}

/**
 * Forgets the claims that were released or whose holder is dead, after it has ended what that one has left running, and
 * drafts that nobody will finish. One process at a time does so; another one leaves it to that.
 */
export async function forgetFlights(store: string): Promise<void> {
  const claims = claimsIn(store);
  if (claims.length === 0) return;
  try {
    const alone = await new WarmClaim(placeIn(store), 'prune').take('wait', Date.now() + PRUNING_MS);
    if (!('release' in alone)) return;
    try {
      for (const claim of claims) await claim.forget();
    } finally {
      alone.release();
    }
  } catch (error) {
    // A disk that gives or takes nothing now: the next one forgets them.
    if (errnoOf(error) === undefined) throw error;
  }
}

function placeIn(store: string): string {
  return `${store}/in-flight`;
}

/** Each once. Nothing where none can be seen. */
function claimsIn(store: string): WarmClaim[] {
  const hashes = new Set(namesIn(placeIn(store)).flatMap((name) => NAME.exec(name)?.[1] ?? []));
  return [...hashes].map((hash) => new WarmClaim(placeIn(store), hash));
}
