import { cleanLine } from '@csa/markers';
import type { Waited } from '@csa/wait';
import type { CapChoice } from './cap.ts';
import { DEAD_EXIT, exitCodeOf, INTERRUPTED_EXITS, type Interruption, NO_ANSWER_EXIT } from './exit-code.ts';
import type { Hints, HintTarget } from './hints.ts';
import { waitJson } from './wait-json.ts';
import { waitMarkers } from './wait-markers.ts';
import { waitWords } from './wait-words.ts';

/** What a command leaves behind: lines without their ends, standard error first, and the exit code. */
export interface Report {
  readonly exitCode: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The exit code says less than the lines do, so that losing them is a failure. */
  readonly needsOutput?: boolean;
}

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
  /** A process of the command that outlived its supervisor. */
  readonly survivor?: number | undefined;
  /** The supervisor is stopped (SIGSTOP): alive, and not moving. */
  readonly stalled?: boolean;
  readonly hints: Hints;
  readonly target: HintTarget;
  /** Flags that the next wait must repeat to ask the same question. */
  readonly waitFlags: readonly string[];
  readonly isCi: boolean;
  readonly json: boolean;
  /** Further lines for standard error: warnings, and what --verbose asks for. */
  readonly notes: readonly string[];
}

/** Words the end of a wait: markers or one JSON document on stdout, sentences on stderr. */
export function report(story: WaitStory): Report {
  const exitCode = waitExitCode(story);
  const { kind } = story.waited.end;
  return {
    exitCode,
    stdout: story.json ? [JSON.stringify(waitJson(story, exitCode))] : waitMarkers(story, exitCode),
    stderr: [
      ...story.notes.map((note) => `csa: ${cleanLine(note)}`),
      ...(story.json ? [] : waitWords(story, exitCode)),
    ],
    needsOutput: kind === 'alive',
  };
}

function waitExitCode({ waited: { end }, aliveExitCode, interruption }: WaitStory): number {
  switch (end.kind) {
    case 'finished':
      return exitCodeOf(end.outcome);
    case 'alive':
      return aliveExitCode;
    case 'dead':
      return DEAD_EXIT;
    case 'interrupted':
      return INTERRUPTED_EXITS[interruption ?? 'SIGTERM'];
    case 'undetermined':
    case 'lost':
    case 'alias-trouble':
      return NO_ANSWER_EXIT;
  }
}
