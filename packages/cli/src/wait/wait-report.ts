import { cleanLine } from '@csa/markers';
import { DEAD_EXIT, exitCodeOf, INTERRUPTED_EXITS, NO_ANSWER_EXIT } from '../exit-code.ts';
import type { Report } from '../report.ts';
import { waitJson } from './wait-json.ts';
import { waitMarkers } from './wait-markers.ts';
import type { WaitStory } from './wait-story.ts';
import { aliveInCiWords, waitWords } from './wait-words.ts';

/** Words the end of a wait: markers or one JSON document on stdout, sentences on stderr. */
export function report(story: WaitStory): Report {
  const exitCode = waitExitCode(story);
  const { kind } = story.waited.end;
  return {
    exitCode,
    stdout: story.json ? [JSON.stringify(waitJson(story, exitCode))] : waitMarkers(story, exitCode),
    stderr: [
      ...story.notes.map((note) => `csa: ${cleanLine(note)}`),
      ...(story.json ? aliveInCiWords(story) : waitWords(story, exitCode)),
    ],
    needsOutput: kind === 'alive',
  };
}

/** The code of a wait for one session. */
export function waitExitCode({ waited: { end }, aliveExitCode, interruption }: WaitStory): number {
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
