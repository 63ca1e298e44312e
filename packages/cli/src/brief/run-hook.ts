import { emit } from '../emit.ts';
import type { Report } from '../report.ts';
import type { HookWish } from './hook-wish.ts';

/** What is asked for in vain is nothing: no conversation fails because of its brief. */
const NOTHING: Report = { exitCode: 0, stdout: [], stderr: [] };

/**
 * The whole life of a hook at the start of a conversation. It prints the brief or nothing, waits for nobody and ends
 * with 0 whatever happens; its standard input is left alone.
 */
export async function runHook(wish: HookWish): Promise<void> {
  endWell();
  emit(await hookReport(wish));
  // A look that took too long is not waited for.
  process.exit(0);
}

/** The same for whoever has parsed its words. Never throws. */
export async function hookReport(wish: HookWish): Promise<Report> {
  try {
    const { tellBrief } = await import('./tell-brief.ts');
    return await tellBrief(wish, process.env);
  } catch (error) {
    return failedHook(error);
  }
}

/** People find out on standard error why there is none. Never throws. */
export async function failedHook(error: unknown): Promise<Report> {
  try {
    const { reportFailure } = await import('../failure.ts');
    const { failedCommand } = await import('../failed-command.ts');
    return { ...reportFailure(error, failedCommand(['session', 'brief'])), exitCode: 0 };
  } catch {
    return NOTHING;
  }
}

/** A crash of csa itself ends no conversation either: before whatever else listens for one. */
export function endWell(): void {
  process.prependOnceListener('uncaughtException', () => process.exit(0));
}
