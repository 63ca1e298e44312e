export { type BaseUrl, parseBaseUrl } from './drivers/base-url.ts';
export { type CaptureOutcome, captureRequest, type OutgoingRequest } from './drivers/capture.ts';
export { lastCaptureTime } from './drivers/capture-file.ts';
export type { Driver, FailureReason, WarmAnswer, WarmContext } from './drivers/driver.ts';
export { type CredentialSource, DRIVER_NAMES, type DriverChoice, type DriverName } from './drivers/driver-choice.ts';
export { makeDriver } from './drivers/make-driver.ts';
export { replayRequest } from './drivers/replay-request.ts';
export { answeredWith } from './drivers/status-failure.ts';
export type { HeartbeatAnswer } from './keep/heartbeat-answer.ts';
export { Keeper, type KeeperEnd } from './keep/keeper.ts';
export { type KeeperClock, systemClock } from './keep/keeper-clock.ts';
export type { KeeperParts, SessionFact } from './keep/keeper-parts.ts';
export { type KeptRecord, keepInMemory, keepOnDisk } from './keep/kept-record.ts';
export { type HeartbeatWorld, runHeartbeat, type SessionWatcher } from './keep/run-heartbeat.ts';
export {
  adoptHeartbeat,
  endHeartbeat,
  type HeartbeatEnd,
  type HeartbeatStart,
  startHeartbeat,
} from './keep/start-heartbeat.ts';
export { type PowerView, type ViewAround, viewWarm, type WarmView } from './keep/view-warm.ts';
export { account, type Books, type SinceUse } from './policy/books.ts';
export { decideWarm } from './policy/decide.ts';
export { breakEven, breakEvenReturn, costOf, readCost, writeCost } from './policy/economics.ts';
export type { WarmClock, WarmDecision, WarmFacts, WarmHistory, WarmMoney } from './policy/facts.ts';
export { judgeWarm } from './policy/judge.ts';
export { type CacheFacts, type CacheState, cacheState, chooseInterval, chooseTtl, tierOf } from './policy/life.ts';
export type { BookRules, Money } from './policy/money.ts';
export { normaliseUsage } from './policy/normalise.ts';
export { type CacheTier, type PriceOverrides, type Pricing, pricingFor } from './policy/pricing.ts';
export { isWarmReason, WARM_REASONS, type WarmReason } from './policy/reason.ts';
export { planTurn, type TurnFacts, type TurnPlan } from './policy/turn.ts';
export { hitPercent, promptTokens, retentionPercent, type Usage } from './policy/usage.ts';
export { type CacheGroup, type CacheReport, CacheTally, type ReportTerms } from './report/cache-report.ts';
export type { ColdPoint, GapClass } from './report/gap-classes.ts';
export { netOf, type Priced } from './report/priced.ts';
export type { ToldConversation, ToldTurn } from './report/told-turn.ts';
export { TurnIndex } from './report/turn-index.ts';
export { turnsOf } from './report/turn-lines.ts';
export type { Warming } from './report/warming.ts';
export type { Limit } from './store/flight.ts';
export type { LedgerEntry, WarmVerdict } from './store/ledger-entry.ts';
export { type Tell, tellOnce, type WarmEvent } from './store/telemetry.ts';
export { arm, cancel, isOnAt, type NextState, off, on, type SwitchOn, type Transition } from './store/transitions.ts';
export { detectWarmCaller, parseWarmCaller } from './store/warm-caller.ts';
export { type ClaimRole, WarmClaim, type WarmHolder } from './store/warm-claim.ts';
export type { WarmCaller, WarmKey } from './store/warm-key.ts';
export { WarmRecord } from './store/warm-record.ts';
export type { TtlSource, WarmPower, WarmSettings, WarmState } from './store/warm-state.ts';
export { type Forgettable, openWarmStore, type WarmFilter, WarmStore } from './store/warm-store.ts';
