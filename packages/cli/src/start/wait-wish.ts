import { type WaitFlags, type WaitSettings, waitSettings } from '@csa/calls/settings';
import { Refusal } from '@csa/session';

/** The flags of a wait beside a start, as typed. */
export interface StartWaitFlags extends Omit<WaitFlags, 'trust-result'> {
  readonly wait: boolean;
  readonly verbose: boolean;
}

/** Mean nothing without `--wait`. */
const WAIT_ONLY = [
  'cap',
  'timeout',
  'until-done',
  'alive-exit-code',
  'model-provider',
  'heartbeat',
  'verbose',
] as const;

/**
 * How to wait after the start; `undefined`: not at all.
 * @throws Refusal for what the user typed or set in the environment: before anything is started
 */
export function waitWish(flags: StartWaitFlags, env: NodeJS.ProcessEnv, project: string): WaitSettings | undefined {
  if (flags.wait) return waitSettings({ ...flags, 'trust-result': false }, env, project);
  const useless = WAIT_ONLY.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (useless === undefined) return undefined;
  throw new Refusal({
    reason: 'usage',
    what: `--${useless} is for a wait, and this start does not wait`,
    expected: '--wait beside it',
    got: `--${useless} alone`,
    next: `Add --wait, or give --${useless} to csa session wait`,
    command: ['session', 'start', '--help'],
  });
}
