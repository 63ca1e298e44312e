import type { HookEvent } from './hook-event.ts';
export async function switchOn(_event: HookEvent, _ms: number, _env: NodeJS.ProcessEnv): Promise<void> {}
