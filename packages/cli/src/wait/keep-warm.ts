import { writeSync } from 'node:fs';
import { cleanLine } from '@csa/markers';
import type { Located } from '../locate.ts';
import { terminalOf } from '../terminal.ts';
import type { CacheHold } from '../warm/hold/hold-cache.ts';
import type { WaitSettings } from './wait-settings.ts';

/** From the beginning of a line that is drawn anew every second to the end of the screen. */
const CLEAR = '\r\u001b[J';
const MAX_LINE_BYTES = 600;

/** CSA_WARM=off stops all warming, and never a wait: it goes on as if nobody had asked for it. */
export function obeyKillSwitch<T extends { readonly 'keep-warm'?: string | undefined }>(
  flags: T,
  env: NodeJS.ProcessEnv,
): T {
  if (flags['keep-warm'] === undefined || env['CSA_WARM'] !== 'off') return flags;
  say('the cache is not kept warm: CSA_WARM=off stops everything. The wait goes on.');
  return { ...flags, 'keep-warm': undefined };
}

/**
 * Keeps the caller's cache warm while a wait blocks, if it was asked to. A wait without the flag loads nothing of it.
 * @throws Refusal before anything is waited for
 */
export async function keepWarm(
  driver: string | undefined,
  [located]: readonly Located[],
  { env, settings }: { readonly env: NodeJS.ProcessEnv; readonly settings: WaitSettings },
): Promise<CacheHold | undefined> {
  if (driver === undefined || located === undefined) return undefined;
  const { holdCache } = await import('../warm/hold/hold-cache.ts');
  return holdCache({ driver, located, env, said: settings.warnings }, say);
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
