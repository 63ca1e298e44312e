export type { Driver, WarmAnswer, WarmContext } from './drivers/driver.ts';
export { type CredentialSource, DRIVER_NAMES, type DriverChoice, type DriverName } from './drivers/driver-choice.ts';
export type { WarmClock, WarmDecision, WarmFacts, WarmHistory, WarmMoney } from './policy/facts.ts';
export type { CacheTier, Pricing } from './policy/pricing.ts';
export { isWarmReason, WARM_REASONS, type WarmReason } from './policy/reason.ts';
export type { Usage } from './policy/usage.ts';
export type { LedgerEntry, WarmVerdict } from './store/ledger-entry.ts';
export type { WarmCaller, WarmKey } from './store/warm-key.ts';
export type { TtlSource, WarmPower, WarmSettings, WarmState } from './store/warm-state.ts';
