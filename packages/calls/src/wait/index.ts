export { type Caller, detectCaller, type ShellLimit } from './caller.ts';
export { type CapChoice, capRange, loweredToShell, safeCapMs, TOOL_MARGIN_MS } from './cap.ts';
export { type GlanceWish, glanceAt } from './glance.ts';
export { ANY_DRIVER, refuseUnknownDriver, spellKeepWarm } from './keep-warm-word.ts';
export { type Need, type NeedFlags, needOf, saysNeed } from './many/need.ts';
export { type NextWait, nextWait, sameWait } from './next-wait.ts';
export { waitExitCode } from './wait-exit-code.ts';
export { waitJson } from './wait-json.ts';
export {
  describeEnd,
  lookAtSession,
  lookOnce,
  resolveSession,
  type WaitedSession,
  waitForSession,
} from './wait-session.ts';
export { chooseHeartbeat, KEEP_CAP_MS, type WaitFlags, type WaitSettings, waitSettings } from './wait-settings.ts';
export type { WaitStory } from './wait-story.ts';
