/** What a hook needs that runs before and after each tool of a conversation: nothing that sends anything. */
export { REQUEST_COOKIE } from './drivers/request-cookie.ts';
export { arm, cancel, off, type Transition } from './store/transitions.ts';
export type { WarmRecord } from './store/warm-record.ts';
export { openWarmStore } from './store/warm-store.ts';
