export { chooseSessions, isOne } from './choose-sessions.ts';
export { waitForLeaving } from './leaving.ts';
export { MAX_MESSAGE_BYTES, notAllStopped, stopDocument, stopFields, stopManyDocument } from './stop-document.ts';
export { type StopAttempt, stopMany } from './stop-many.ts';
export { type StopEnd, stopSession } from './stop-session.ts';
export { ENDING_SIGNALS, stopRequest } from './stop-words.ts';
