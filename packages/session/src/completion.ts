import { writeAtomically } from './atomic-write.ts';
import { type Reading, readRareRecord, readRecord } from './reading.ts';
import { isI32, requiredInteger } from './result.ts';
import { recordPlace, type Session } from './session.ts';
import { ownValue, parseToml, stringifyToml } from './toml.ts';

/** How the daemon left: it can explain a failure, it can never prove a success. */
export interface Completion {
  readonly exitCode: number;
  readonly status?: string;
  readonly reason?: string;
}

const COMPLETION_FILE = 'daemon-completion.toml';
const LEGACY_FILE = '.complete';

/** daemon-completion.toml, else the legacy `.complete`, which holds a bare integer. */
export function readCompletion(session: Session): Reading<Completion> {
  const packet = readRecord(recordPlace(session, COMPLETION_FILE), parseCompletion);
  return packet.kind === 'absent' ? readRareRecord(recordPlace(session, LEGACY_FILE), parseLegacy) : packet;
}

export function parseCompletion(text: string): Completion {
  const table = parseToml(text);
  const status = ownValue(table, 'status');
  const reason = ownValue(table, 'reason');
  return {
    exitCode: requiredInteger(table, 'exit_code'),
    ...(typeof status === 'string' ? { status } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

/** @throws a system error: the caller decides what a completion that cannot be written means. */
export function recordCompletion(session: Session, completion: Completion): void {
  const text = stringifyToml({
    exit_code: completion.exitCode,
    ...(completion.status === undefined ? {} : { status: completion.status }),
    ...(completion.reason === undefined ? {} : { reason: completion.reason }),
  });
  writeAtomically(recordPlace(session, COMPLETION_FILE).path, text);
}

function parseLegacy(text: string): Completion {
  // Of ASCII blanks only: trim() would take a byte-order mark away, which the older program refuses.
  const digits = /^[ \t\r\n]*([+-]?\d{1,10})[ \t\r\n]*$/.exec(text)?.[1];
  // Plus 0 turns -0 into 0.
  const exitCode = Number(digits) + 0;
  if (digits === undefined || !isI32(exitCode)) throw new Error('not a bare integer of 32 bits');
  return { exitCode };
}
