export { Bell } from './bell.ts';
export { decide } from './decide.ts';
export type { DaemonFact, Facts, UnknownReason } from './facts.ts';
export { SessionSource } from './session-source.ts';
export type { AliasTrouble, DaemonLook, Observation, SourceWatch, WaitSource } from './source.ts';
export type { FailureReason, Outcome, Settled, Verdict } from './verdict.ts';
export { type WaitEnd, type Waited, type WaitOptions, wait } from './wait.ts';
