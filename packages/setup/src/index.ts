export { AGENTS, type Agent, agentFiles } from './agents/agents.ts';
export type { Homes, Place, Program } from './agents/program.ts';
export { unifiedDiff } from './diff.ts';
export type { Entry, Outcome } from './entry.ts';
export { FileRefusal } from './file-refusal.ts';
export type { Json } from './json/json-value.ts';
export { isChanged, type PlannedFile, placeName, planSetup, textOf, writePlanned } from './set-up.ts';
export { SetupStore } from './setup-store.ts';
export { type PlannedUndo, planUndo, writeUndo } from './undo.ts';
