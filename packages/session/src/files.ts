/** What a store of small files needs, without sessions: for a program that is to answer within a few milliseconds. */
export {
  DIRECTORY_MODE,
  FILE_MODE,
  removeQuietly,
  syncDirectory,
  writeAtomically,
  writeDurably,
} from './atomic-write.ts';
export { makeDirectory } from './make-directory.ts';
export { type Reading, readRecord } from './reading.ts';
export { errnoOf, Refusal, refuseStateWrite } from './refusal.ts';
export { removeTree } from './remove.ts';
export { isSessionId } from './session-id.ts';
export { type StateRoots, sessionsDirectory, stateRoots } from './state-root.ts';
