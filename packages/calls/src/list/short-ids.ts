import type { SessionId } from '@csa/session';

/** The time in an id: sessions that start later differ from it already there. */
const TIME_CHARACTERS = 10;

/**
 * How each of these ids can be named by its beginning alone: never shorter than its time, so that a session that
 * starts later does not make it ambiguous, and longer where neighbours share more.
 * @param sorted in order, ascending or descending
 */
export function shortIds(sorted: readonly SessionId[]): (id: SessionId) => string {
  const places = new Map(sorted.map((id, at) => [id, at]));
  return (id) => {
    const at = places.get(id);
    if (at === undefined) return id;
    const shared = Math.max(sharedLength(id, sorted[at - 1]), sharedLength(id, sorted[at + 1]));
    return id.slice(0, Math.max(TIME_CHARACTERS, shared + 1));
  };
}

function sharedLength(id: string, neighbour: string | undefined): number {
  if (neighbour === undefined) return 0;
  let length = 0;
  while (length < id.length && id.charAt(length) === neighbour.charAt(length)) length += 1;
  return length;
}
