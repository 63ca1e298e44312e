import { parseDuration } from '@csa/calls';
import type { Report } from '../../report.ts';
import { applyHookEvent } from './apply-event.ts';
import { type HookEvent, readHookEvent } from './hook-event.ts';
import { BY_HAND, readHookInput } from './hook-input.ts';
import { warmAfterTurn } from './warm-after-turn.ts';

const WARMING_TIME = { name: '--on', minMs: 1_000, maxMs: 7 * 86_400_000 };
const SILENT: Report = { exitCode: 0, stdout: [], stderr: [] };

/** @throws Refusal reason=bad-duration | out-of-range */
export function readWarmingTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text, WARMING_TIME);
}

/** The hook, as the command that has flags and help. */
export async function runHookWithFlags(onMs: number | undefined): Promise<Report> {
  if (process.stdin.isTTY) return { ...SILENT, stderr: [BY_HAND] };
  const event = readHookEvent(await readHookInput(process.stdin));
  if (event !== undefined) await tell(event, onMs);
  return SILENT;
}

async function tell(event: HookEvent, onMs: number | undefined): Promise<void> {
  await applyHookEvent(event, process.env);
  if (event.name === 'Stop' && onMs !== undefined) await warmAfterTurn(event, onMs, process.env);
}
