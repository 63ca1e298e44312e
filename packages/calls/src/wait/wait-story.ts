import type { Waited } from '@csa/wait';
import type { Interruption } from '../exit-code.ts';
import type { Hints, HintTarget } from '../hints.ts';
import type { CapChoice } from './cap.ts';

/** All that the words of a wait's end depend on. */
export interface WaitStory {
  readonly waited: Waited;
  /** The id that was asked for, and the session that an alias stood for. */
  readonly session: string;
  readonly resolved?: string | undefined;
  readonly cap: CapChoice;
  readonly aliveExitCode: number;
  readonly interruption?: Interruption | undefined;
  /** Milliseconds since the last output. */
  readonly idleMs?: number | undefined;
  /** Whether the command has printed anything. */
  readonly hasOutput: boolean;
  /** A process of the command that outlived its supervisor. */
  readonly survivor?: number | undefined;
  /** The supervisor is stopped (SIGSTOP): alive, and not moving. */
  readonly stalled?: boolean;
  readonly hints: Hints;
  readonly target: HintTarget;
  /** Another command that blocks as a wait does, and is what to run again. */
  readonly verb?: 'warm';
  /** Flags that the next wait must repeat to ask the same question. */
  readonly waitFlags: readonly string[];
}
