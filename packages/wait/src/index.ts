export { decide } from './decide.ts';
export type { DaemonFact, Facts, UnknownReason } from './facts.ts';
export { isOver } from './need.ts';
export { SessionSource } from './session-source.ts';
export type { AliasTrouble, DaemonLook, Observation, SourceWatch, WaitSource } from './source.ts';
export type { FailureReason, Outcome, Settled, Verdict } from './verdict.ts';
export { type WaitEnd, type Waited, type WaitOptions, wait } from './wait.ts';
export { type ManyOptions, type ManyWaited, type Member, waitForMany } from './wait-for-many.ts';
export { SharedWatching, type Watching } from './watching.ts';
