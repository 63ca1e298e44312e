export { sessionHooks } from './session-hooks.ts';
export { type StartFacts, startDocument } from './start-document.ts';
export { type SessionRequest, startRequest, startSession } from './start-request.ts';
