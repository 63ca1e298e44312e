import { type Reading, readRareRecord } from './reading.ts';
import { requiredText } from './result.ts';
import { recordPlace, type Session } from './session.ts';
import { isSessionId, parseIdOrPrefix, type SessionId } from './session-id.ts';
import { parseToml } from './toml.ts';

/** The session that a foreign wrapper stands for. */
export function readResumeTarget(session: Session): Reading<SessionId> {
  return readRareRecord(recordPlace(session, 'resume-target.toml'), parseResumeTarget);
}

export function parseResumeTarget(text: string): SessionId {
  const table = parseToml(text);
  const kind = requiredText(table, 'kind');
  if (kind !== 'resume-wrapper') throw new Error(`kind is ${JSON.stringify(kind)}, not "resume-wrapper"`);
  const target = parseIdOrPrefix(requiredText(table, 'target_session_id'));
  if (!isSessionId(target)) throw new Error('target_session_id is only the beginning of a session id');
  return target;
}
