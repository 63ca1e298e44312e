import type { WarmVerdict } from '../store/ledger-entry.ts';
import { promptTokens, type Usage } from './usage.ts';

/** The least part of the expected prefix, in per cent, that a warm has to read to prove that it was there. */
export const FULL_PERCENT = 80;
const PARTIAL_PERCENT = 50;

/**
 * What the usage of a warm proves. `full`: at least 80 % of the expected prefix was read, which alone extends its life;
 * `partial`: half of it or more; `short`: less, or nothing; `wrote`: more was written than read, so the prefix was gone
 * or is not the caller's; `no_usage`: nothing.
 *
 * @param expected the caller's prefix in tokens; where it is unknown the warm's own prompt stands for it
 */
export function judgeWarm(usage: Usage | null, expected?: number): Exclude<WarmVerdict, 'error'> {
  if (usage === null || usage.read === null) return 'no_usage';
  if (usage.write !== null && usage.write > usage.read) return 'wrote';
  if (usage.read === 0) return 'short';
  const whole = expected === undefined || expected <= 0 ? promptTokens(usage) : expected;
  if (whole === null) return 'partial';
  if (usage.read * 100 >= whole * FULL_PERCENT) return 'full';
  return usage.read * 100 >= whole * PARTIAL_PERCENT ? 'partial' : 'short';
}

/** Whether a warm has proved that it does not hold the caller's prefix. */
export function isMismatch(verdict: WarmVerdict): boolean {
  return verdict === 'partial' || verdict === 'short' || verdict === 'wrote';
}
