export {
  DIRECTORY_MODE,
  FILE_MODE,
  removeQuietly,
  syncDirectory,
  writeAtomically,
  writeDurably,
} from './atomic-write.ts';
export { Claim, type ClaimRecord, type Hold, type Holder } from './claim.ts';
export { type Completion, readCompletion, recordCompletion } from './completion.ts';
export {
  type DaemonRecord,
  LIFELINE_FILE,
  lookAtDaemonLifeline,
  readCommand,
  readDaemon,
  recordCommand,
  recordDaemon,
} from './daemon.ts';
export { AGENT_MARKS, HOOK_COOKIE, SESSION_COOKIE } from './environment.ts';
export { Journal, type JournalEntry, type JournalForm } from './journal.ts';
export {
  type LookupScope,
  listAllSessions,
  listSessions,
  type SessionListing,
  sessionsDirectoriesBelow,
  sessionsOfProject,
} from './listing.ts';
export { lastOutputTime, logEnd, logSize } from './log.ts';
export { LOG_NAMES, LogFile, type LogName } from './log-file.ts';
export { LogFollower, type LogNews } from './log-follower.ts';
export { characterStart, type TailWish, tailOffset } from './log-tail.ts';
export { watchLogs } from './log-watch.ts';
export { findById, findSession, projectOf } from './lookup.ts';
export { makeParents } from './make-directory.ts';
export { readMetadata, type SessionMetadata } from './metadata.ts';
export { bear, createUnborn, discardUnborn, type NewSession, type UnbornSession } from './new-session.ts';
export { appendNotes, readNotes } from './notes.ts';
export { ownTroubleOf } from './own-trouble.ts';
export { type Publication, publishResult, reserveResult } from './publish.ts';
export { MAX_RECORD_BYTES, type Reading, readRecord } from './reading.ts';
export { RECORD_FILES, type RecordFile, type Sighting, sightFile } from './record-files.ts';
export { errnoOf, Refusal, type RefusalDetail, refuseStateWrite } from './refusal.ts';
export { Register, type RegisterForm, type Version } from './register.ts';
export { finishRemoval, type HeldCheck, type Removal, removeSession, removeTree } from './remove.ts';
export { type CommandReport, PROVISIONAL_STATUS, REPORT_FILE, readReport } from './report.ts';
export { readResult, type SessionResult } from './result.ts';
export { readResumeTarget } from './resume-target.ts';
export { isStillThere, openNamedDirectory, recordPlace, type Session } from './session.ts';
export { isSessionId, parseIdOrPrefix, type SessionId, sessionIdTime } from './session-id.ts';
export { readState, retireState, type SessionState } from './state.ts';
export {
  projectAt,
  projectConfigPath,
  type StateRoots,
  sessionsDirectory,
  stateRoots,
  userConfigPath,
} from './state-root.ts';
export { readStopRequest, recordStopRequest, type StopRequest } from './stop-request.ts';
export { type Bearers, findBearers, findSurvivor, findSurvivors, sweptBearers, sweptHooks } from './survivors.ts';
export { ownValue, parseToml, TomlSyntaxError, type TomlTable } from './toml.ts';
export { treeSize } from './tree-size.ts';
export { isLifelineHeld, type Leftover, lastWriteTime, listLeftovers } from './unborn.ts';
export { watchSessions } from './watch.ts';
export { type SessionWatch, WatchHub } from './watch-hub.ts';
export { ListingWatch } from './watch-listing.ts';
