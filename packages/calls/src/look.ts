/** One look at a session: loads nothing of how long a wait may last. */
export {
  describeEnd,
  lookAtSession,
  lookOnce,
  resolveSession,
  type WaitedSession,
} from './wait/wait-session.ts';
