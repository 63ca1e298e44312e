export { type Hook, type HookEnd, type HookLimits, runHook } from './hook.ts';
export { type HookErrand, readHookErrand } from './hooks.ts';
export { type Started, type StartRequest, start } from './start.ts';
export { type Stopped, stop } from './stop.ts';
export { runSupervisor, type SupervisorParts } from './supervisor-process.ts';
export { GRACE_MS } from './transition.ts';
export type { Wake } from './wakes.ts';
