export { callerName } from './caller-name.ts';
export { callerTurn, currentDirectory, rememberingCallerTurn } from './caller-turn.ts';
export { SENDING_DRIVERS } from './driver-names.ts';
export { describeDollars, fromDollars, MONEY_UNIT, parseDollars } from './money.ts';
export { viewConversation } from './status/view-conversation.ts';
export { readWarmed, type WarmSummary } from './status/warm-column.ts';
export { type WarmFields, warmFields } from './status/warm-document.ts';
