import { describeDuration, describeSpan, formatDuration, type Hints, type Located } from '@csa/calls';
import { callerName, describeDollars, MONEY_UNIT } from '@csa/calls/warm';
import { cleanLine } from '@csa/markers';
import type { WarmCaller, WarmSettings } from '@csa/warm';
import { answer, type Report } from '../../report.ts';
import { writeFully } from '../../write-fully.ts';
import type { OnPlan } from './on-plan.ts';
import type { SwitchedOn } from './switch-on.ts';

/** All that the words of switching on depend on; without `done` nothing was. */
export interface OnStory {
  readonly located: Located;
  readonly caller: WarmCaller;
  readonly settings: WarmSettings;
  readonly durationMs: number;
  readonly plan: OnPlan;
  readonly done?: SwitchedOn;
  readonly hints: Hints;
  readonly json: boolean;
  /** Lines for standard error that come first. */
  readonly notes: readonly string[];
}

const STDERR = 2;

export function onReport(story: OnStory): Report {
  const notes = [...story.notes.map((note) => `csa: ${cleanLine(note)}`), ...clampWords(story)];
  if (story.json) return answer([JSON.stringify(onDocument(story))], notes);
  return answer(onWords(story), [...notes, ...nextWords(story)]);
}

/** The price of a revival is named before anything is sent. */
export function announceRevival({ plan, settings }: OnStory): void {
  const { prefixTokens, costCold } = plan;
  const size = prefixTokens === null ? 'the whole conversation' : `${prefixTokens} tokens`;
  const price = costCold === null ? 'whose price is not known' : `for ${describeDollars(costCold)}`;
  const line = `csa: --revive writes ${size} into a cache of ${formatDuration(settings.ttl.ms)} ${price}, if it is cold.\n`;
  writeFully(STDERR, Buffer.from(line, 'utf8'));
}

/** What was asked for and cannot be is never changed in silence. */
function clampWords({ settings, plan }: OnStory): string[] {
  const { intervalMs, ttl } = settings;
  if (intervalMs === undefined || intervalMs === plan.intervalMs) return [];
  const range = `from 1s to 10s below the life of the cache (${describeSpan(ttl.ms)})`;
  return [
    `csa: an interval of ${formatDuration(intervalMs)} cannot be: it is ${formatDuration(plan.intervalMs)}, ${range}.`,
  ];
}

function onWords({ located, caller, settings, durationMs, plan, done }: OnStory): string[] {
  const how = done === undefined ? 'Would keep' : done.wasOn ? 'Goes on to keep' : 'Keeps';
  const { ttl, driver } = settings;
  const age = plan.ageMs === null ? '' : `, last request ${describeDuration(plan.ageMs)} ago`;
  return [
    `${how} the cache of ${callerName(caller)} warm for ${describeSpan(durationMs)}, as long as session ${located.session.id} lives.`,
    `A request every ${describeSpan(plan.intervalMs)} by ${driver.name}; a cache lives for ${describeSpan(ttl.ms)} (by ${ttl.source}${age}).`,
    costWords(plan),
    ...(plan.isCold && !settings.revive ? [COLD] : []),
  ];
}

const COLD = 'The cache is taken to be cold by now: nothing is sent until the conversation itself has used it again.';

function costWords({ requestsAtMost, breakEven, costEach, costCold, prefixTokens }: OnPlan): string {
  const bound = `At most ${requestsAtMost === 1 ? 'one request' : `${requestsAtMost} requests`}; ${breakEven} cost what a cold return would.`;
  if (prefixTokens === null) return `${bound} Nothing here tells how large the conversation is, and so what one costs.`;
  if (costEach === null || costCold === null) {
    return `${bound} Each reads ${prefixTokens} tokens; no price is known for them, and no saving will be claimed.`;
  }
  const prices = `about ${describeDollars(costEach)}; a cold return would cost ${describeDollars(costCold)}`;
  return `${bound} Each reads ${prefixTokens} tokens for ${prices}.`;
}

function nextWords({ hints, located, caller, done }: OnStory): string[] {
  if (done === undefined) return ['Nothing was sent or written (--dry-run).'];
  const taken =
    done.heartbeat.kind === 'taken' ? ['Another process warms this conversation already, and goes on with it.'] : [];
  const flags = ['--caller', callerName(caller)];
  return [
    ...taken,
    `What it does: ${hints.session('warm status', located.target)}`,
    `Switch it off: ${hints.session('warm off', located.target, flags)}`,
  ];
}

function onDocument(story: OnStory): object {
  const { located, caller, settings, durationMs, plan, done, hints } = story;
  return {
    schema: 'csa.session-warm-on/1',
    session: located.session.id,
    caller,
    action: done === undefined ? 'dry-run' : done.wasOn ? 'refreshed' : 'switched-on',
    until: done === undefined ? null : new Date(done.until).toISOString(),
    duration_ms: durationMs,
    driver: settings.driver.name,
    interval_ms: plan.intervalMs,
    ttl_ms: settings.ttl.ms,
    ttl_source: settings.ttl.source,
    heartbeat_pid: done?.heartbeat.kind === 'started' ? done.heartbeat.pid : null,
    plan: {
      prefix_tokens: plan.prefixTokens,
      requests_at_most: plan.requestsAtMost,
      break_even: plan.breakEven,
      age_ms: plan.ageMs === null ? null : Math.round(plan.ageMs),
      predicted_cold: plan.isCold,
      money: plan.costEach === null ? null : { unit: MONEY_UNIT, each: plan.costEach, cold_return: plan.costCold },
    },
    status_cmd: hints.session('warm status', located.target, ['--json']),
    off_cmd: hints.session('warm off', located.target, ['--caller', callerName(caller), '--json']),
  };
}
