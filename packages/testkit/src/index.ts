export { builtCsa, type CsaOptions, csa, type Running, type RunResult, runCsa, testNode } from './csa.ts';
export { endSession } from './end-session.ts';
export { hashTree } from './hash-tree.ts';
export { fixtureNames, type MaterializedFixture, materialize } from './materialize.ts';
export { temporaryDirectory } from './temporary-directory.ts';
export { temporaryWorld } from './temporary-world.ts';
export { until } from './until.ts';
export { sessionDirectory, type World } from './world.ts';
