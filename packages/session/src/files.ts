/** What a store of small files needs, without sessions: for a program that is to answer within a few milliseconds. */
export {
  DIRECTORY_MODE,
  FILE_MODE,
  removeQuietly,
  syncDirectory,
  writeAtomically,
  writeDurably,
} from './atomic-write.ts';
export { Claim, type ClaimRecord, type Hold, type Holder } from './claim.ts';
export { EventFile } from './event-file.ts';
export { makeDirectory, makePrivateDirectory } from './make-directory.ts';
export { namesIn, type Trouble } from './names-in.ts';
export { type Reading, readRecord } from './reading.ts';
export { errnoOf, Refusal, refuseStateWrite } from './refusal.ts';
export { Register, type RegisterForm, type Version } from './register.ts';
export { removeTree } from './remove.ts';
export { isSessionId } from './session-id.ts';
export {
  count,
  flag,
  listOf,
  MAX_TEXT,
  nullable,
  object,
  oneOf,
  optional,
  type Shape,
  tagged,
  text,
} from './shape.ts';
export { type StateRoots, sessionsDirectory, stateRoots } from './state-root.ts';
