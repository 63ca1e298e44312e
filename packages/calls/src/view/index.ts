export { type Aftermath, readAftermath, type StopView } from './aftermath.ts';
export type { RecordEntry } from './record-view.ts';
export type { Resources } from './resources.ts';
export { type ResultFacts, requireFinished, resultDocument } from './result-document.ts';
export {
  phaseOf,
  reasonOf,
  type SelfRecords,
  type SessionPhase,
  type SessionView,
  viewSession,
} from './session-view.ts';
