export { type GlanceWish, glanceAt } from './glance.ts';
export { type Need, type NeedFlags, needOf, saysNeed } from './many/need.ts';
export { type NextWait, nextWait, sameWait } from './next-wait.ts';
export { waitExitCode } from './wait-exit-code.ts';
export { waitJson } from './wait-json.ts';
export { waitForSession } from './wait-session.ts';
export type { WaitStory } from './wait-story.ts';
