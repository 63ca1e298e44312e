import { writeSync } from 'node:fs';
import type { Located } from '@csa/calls';
import { refuseUnknownDriver, type WaitFlags, type WaitSettings, waitSettings } from '@csa/calls/settings';
import { cleanLine } from '@csa/markers';
import { terminalOf } from '../terminal.ts';
import type { CacheHold } from '../warm/hold/hold-cache.ts';

/** From the beginning of a line that is drawn anew every second to the end of the screen. */
const CLEAR = '\r\u001b[J';
const MAX_LINE_BYTES = 600;

/**
 * CSA_WARM=off stops all warming, and never a wait: it goes on as if nobody had asked for it.
 * @throws Refusal for a driver that there is not, whether or not it would be used
 */
export function obeyKillSwitch<T extends { readonly 'keep-warm'?: string | undefined }>(
  flags: T,
  env: NodeJS.ProcessEnv,
): T {
  refuseUnknownDriver(flags['keep-warm']);
  if (flags['keep-warm'] === undefined || env['CSA_WARM'] !== 'off') return flags;
  say('the cache is not kept warm: CSA_WARM=off stops everything. The wait goes on.');
  return { ...flags, 'keep-warm': undefined };
}

/** How a wait is to go, and the caller's cache where the wait keeps it warm. */
export interface WarmedWait {
  readonly settings: WaitSettings;
  readonly hold: CacheHold | undefined;
}

/**
 * Settles a wait, and keeps the caller's cache warm while it blocks if it was asked to and can be; where it cannot the
 * wait is the one without the flag. A wait without it loads nothing of it.
 * @throws Refusal for what the user typed or set of the wait itself
 */
export async function settleWait(
  flags: WaitFlags,
  [located]: readonly Located[],
  env: NodeJS.ProcessEnv,
): Promise<WarmedWait> {
  const project = located?.project ?? '/';
  const settings = waitSettings(flags, env, project);
  const driver = flags['keep-warm'];
  if (driver === undefined || located === undefined) return { settings, hold: undefined };
  const { holdCache } = await import('../warm/hold/hold-cache.ts');
  const hold = holdCache({ driver, located, env, said: settings.warnings }, say);
  if (hold !== undefined) return { settings, hold };
  return { settings: waitSettings({ ...flags, 'keep-warm': undefined }, env, project), hold };
}

/** What is left of a wait's settings once keeping the cache warm pays no more. */
export function settledWith(settings: WaitSettings, hold: CacheHold | undefined): WaitSettings {
  const { cap, backgroundFlags } = settings;
  if (hold?.paysNoMore !== true || backgroundFlags === undefined) return settings;
  return { ...settings, cap: { ...cap, paysNoMore: true }, repeatFlags: backgroundFlags };
}

function say(line: string): void {
  const clear = terminalOf(process.stderr, process.env).isLive ? CLEAR : '';
  try {
    writeSync(2, `${clear}csa: ${cleanLine(line, MAX_LINE_BYTES)}\n`);
  } catch {
    // Standard error is full or gone; the verdict goes to stdout.
  }
}
