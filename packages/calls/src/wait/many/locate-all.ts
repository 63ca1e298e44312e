import { Refusal } from '@csa/session';
import { type Located, locate, type SessionWish } from '../../locate.ts';

/**
 * Finds all of them before anything is waited for; one that is named twice counts once.
 * @throws Refusal of the first that cannot be told, which it names
 */
export function locateAll(wishes: readonly SessionWish[], env: NodeJS.ProcessEnv): Located[] {
  const found = new Map<string, Located>();
  for (const wish of wishes) {
    const located = locateNamed(wish, env);
    const { device, inode } = located.session;
    const key = `${device} ${inode}`;
    if (!found.has(key)) found.set(key, located);
  }
  return [...found.values()];
}

function locateNamed(wish: SessionWish, env: NodeJS.ProcessEnv): Located {
  try {
    return locate(wish, env);
  } catch (error) {
    const session = wish.id ?? wish.session ?? wish.dir;
    if (!(error instanceof Refusal) || session === undefined) throw error;
    throw new Refusal({ ...error.detail, session });
  }
}
