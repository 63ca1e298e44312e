import type { ShellLimit } from '@csa/calls/settings';
import type { WordedWait } from '../../wait/worded-wait.ts';
import type { TurnPlan } from './turn-plan.ts';

/** All that the words of a turn's end depend on. */
export interface TurnStory extends WordedWait {
  readonly verb: 'warm';
  readonly plan: TurnPlan;
  /** How many turns in a row the caller has taken for this session, this one among them. */
  readonly turns: number;
  /** The shell tool that would end a command which takes too long. */
  readonly shell: ShellLimit | undefined;
  /** Milliseconds of `--cap`. */
  readonly askedMs: number | undefined;
  /** Flags that every next command must repeat to ask the same question. */
  readonly flags: readonly string[];
}
