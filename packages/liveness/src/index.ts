export { endGroup, endProvenGroup, mayHaveMember } from './end-group.ts';
export { type Host, thisHost } from './host.ts';
export { closeInheritedDescriptors } from './inherited-descriptors.ts';
export type { Liveness } from './judge.ts';
export { holdLifeline, type Lifeline } from './lifeline.ts';
export { type LifelineLook, type LifelineRecord, lookAtLifeline } from './lifeline-look.ts';
export { watchLifeline } from './lifeline-watch.ts';
export { openFilesLimit } from './open-files.ts';
export { probe } from './probe.ts';
export { procView } from './proc.ts';
export { findByEnvironment, groupByEnvironment } from './process-environment.ts';
export { groupHasLiveMember } from './process-group.ts';
export { identify, type ProcessIdentity } from './process-identity.ts';
export {
  canMeasureProcesses,
  measureProcesses,
  measureProcessTree,
  type ProcessUse,
  type TreeRoots,
} from './process-tree.ts';
export { type SignalOutcome, signalProven } from './signal.ts';
export { isStopped } from './stopped.ts';
