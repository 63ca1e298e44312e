import { readHookEvent } from './hook-event.ts';
import { BY_HAND, readHookInput } from './hook-input.ts';
import { mayBeWarmed } from './warmed-before.ts';

/**
 * The whole life of a hook that Claude Code runs without flags. It says nothing, waits for nobody and ends with 0
 * whatever happens: it stands in the way of every tool of the conversation.
 */
export async function runHook(): Promise<void> {
  process.once('uncaughtException', () => process.exit(0));
  try {
    if (process.stdin.isTTY) return void process.stderr.write(`${BY_HAND}\n`);
    const event = readHookEvent(await readHookInput(process.stdin));
    if (event !== undefined && mayBeWarmed(event.conversation, process.env)) {
      const { applyHookEvent } = await import('./apply-event.ts');
      await applyHookEvent(event, process.env);
    }
  } catch {
    // A cache that goes cold costs less than a conversation that is disturbed.
  }
  // A heartbeat that was started is not waited for.
  process.exit(0);
}
