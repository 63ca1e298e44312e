export { type Caller, detectCaller, type ShellLimit } from './caller.ts';
export { type CapChoice, capRange, loweredToShell, safeCapMs, TOOL_MARGIN_MS } from './cap.ts';
export { ANY_DRIVER, refuseUnknownDriver, spellKeepWarm } from './keep-warm-word.ts';
export { chooseHeartbeat, KEEP_CAP_MS, type WaitFlags, type WaitSettings, waitSettings } from './wait-settings.ts';
