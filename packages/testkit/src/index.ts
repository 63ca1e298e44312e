export {
  type CacheFault,
  type CacheServer,
  type CacheServerOptions,
  type ReceivedRequest,
  startCacheServer,
} from './cache-server.ts';
export { type ConversationOptions, conversationBody, PROMPT_SECRET } from './conversation.ts';
export { builtCsa, type CsaOptions, csa, type Running, type RunResult, runCsa, testNode } from './csa.ts';
export { endSession } from './end-session.ts';
export { finished, OTHER_ID, outcomeOf, SESSION_ID } from './ends.ts';
export { hashTree } from './hash-tree.ts';
export { fixtureNames, type MaterializedFixture, materialize } from './materialize.ts';
export { type Refused, reasonOf, refusalOf } from './refusal-of.ts';
export { type Program, type SourcePrograms, sourcePrograms } from './source-programs.ts';
export { temporaryDirectory } from './temporary-directory.ts';
export { temporaryWorld } from './temporary-world.ts';
export { TestClock } from './test-clock.ts';
export { until } from './until.ts';
export { sessionDirectory, type World } from './world.ts';
