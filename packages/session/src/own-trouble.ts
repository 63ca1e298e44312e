import { errnoOf, Refusal } from './refusal.ts';

/** Trouble of the reader's own, and what is to be done about it: it says nothing about what was to be read. */
const OWN_TROUBLE: Readonly<Record<string, string>> = {
  EMFILE: 'Raise the limit of open files of this shell (ulimit -n), and try again',
  ENFILE: 'Raise the limit of open files of this machine (fs.file-max), and try again',
  ENOMEM: 'Free some memory, and try again',
  EIO: 'Try again, and look at the disk if it goes on',
  ESTALE: 'Try again, and look at the network file system if it goes on',
};

/** The errno of trouble of the reader's own, that may pass; of a refusal that of its cause. */
export function ownTroubleOf(error: unknown): string | undefined {
  const code = errnoOf(error instanceof Refusal ? error.cause : error);
  return code !== undefined && Object.hasOwn(OWN_TROUBLE, code) ? code : undefined;
}

/** Turns a failed read below the state root into the user's trouble. `what`: what could not be done. */
export function refuseStateRead(error: unknown, { what, path }: { what: string; path: string }): Refusal {
  const code = errnoOf(error);
  const own = code === undefined ? undefined : OWN_TROUBLE[code];
  return new Refusal({
    reason: own === undefined ? 'state-root-unreadable' : 'io-error',
    what,
    expected: own === undefined ? 'a directory that this user can read' : 'a system that lets it be read',
    got: `${code} at ${path}`,
    next: own ?? 'Fix its permissions, or point XDG_STATE_HOME at the right state root',
    cause: error,
  });
}
