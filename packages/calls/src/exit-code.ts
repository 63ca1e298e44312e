import { constants } from 'node:os';
import type { Outcome } from '@csa/wait';

/** Dead with nothing recorded, and nothing else. */
export const DEAD_EXIT = 124;
/** csa could not answer; says nothing about the session. */
export const NO_ANSWER_EXIT = 125;

/** A shell's code for a process that a signal ended. */
export const INTERRUPTED_EXITS: Readonly<Record<Interruption, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
  'parent-gone': 129,
};

/** What ended a waiter from outside. */
export type Interruption = 'SIGHUP' | 'SIGINT' | 'SIGTERM' | 'parent-gone';

/**
 * The code with which a waiter passes on how a session ended. A failure whose own code would read as a success, as
 * one of csa's own answers, or as another number to the shell becomes 1.
 */
export function exitCodeOf(outcome: Outcome): number {
  if (outcome.success) return 0;
  const { exitCode } = outcome;
  const passesThrough = exitCode >= 1 && exitCode <= 255 && exitCode !== DEAD_EXIT && exitCode !== NO_ANSWER_EXIT;
  return passesThrough ? exitCode : 1;
}

/** The signal that a recorded code stands for, as shells count: 128 + n. */
export function signalOf({ status, exitCode }: Outcome): string | undefined {
  if (status !== 'signal' && status !== 'timeout') return undefined;
  const number = exitCode - 128;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}
