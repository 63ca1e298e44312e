export { parseCount } from './count.ts';
export { describeDuration, describeSpan, formatDuration, parseDuration } from './duration.ts';
export { DEAD_EXIT, exitCodeOf, INTERRUPTED_EXITS, type Interruption, NO_ANSWER_EXIT, signalOf } from './exit-code.ts';
export { foundInFreshShell, foundOnPath, Hints, type HintTarget, programWords, targetWords } from './hints.ts';
export { parseLabels } from './label.ts';
export { hintTarget, type Located, locate, lookupScope, type SessionWish } from './locate.ts';
export { nearest } from './nearest.ts';
export { present } from './present.ts';
export { emptyWaitDocument, type WaitDocument } from './wait-document.ts';
