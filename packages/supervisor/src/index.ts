export { type Started, type StartRequest, start } from './start.ts';
export { type Stopped, stop } from './stop.ts';
export { runSupervisor } from './supervisor-process.ts';
export { GRACE_MS } from './transition.ts';
