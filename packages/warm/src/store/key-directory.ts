import { createHash } from 'node:crypto';
import { isSessionId } from '@csa/session/files';
import type { WarmKey } from './warm-key.ts';

/** Lower case alone, so that no two are the same on a disk that does not tell the cases apart. */
const PLAIN = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Where a key's files are, below the store: `<agent>-<the caller's id or its hash>/<session>`. */
export function keyDirectory({ caller, session }: WarmKey): string {
  return `${callerDirectory(caller)}/${isSessionId(session) ? session : nameOf(session)}`;
}

/** Where all of one caller's are. */
export function callerDirectory({ agent, id }: WarmKey['caller']): string {
  return `${agent}-${nameOf(id)}`;
}

/** `=` stands in no plain id. */
function nameOf(id: string): string {
  return PLAIN.test(id) ? id : `=${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** A file's name for what a credential is called. */
export function credentialHash(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 32);
}
