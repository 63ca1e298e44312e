/** What hooks and lists need, which run often: nothing that sends anything. */
export { REQUEST_COOKIE } from './drivers/request-cookie.ts';
export { arm, cancel, isOnAt, off, type Transition } from './store/transitions.ts';
export type { WarmRecord } from './store/warm-record.ts';
export { openWarmStore, WarmStore } from './store/warm-store.ts';
