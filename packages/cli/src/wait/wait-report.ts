import { waitExitCode, waitJson } from '@csa/calls/wait';
import { cleanLine } from '@csa/markers';
import type { Report } from '../report.ts';
import { waitMarkers } from './wait-markers.ts';
import { aliveInCiWords, waitWords } from './wait-words.ts';
import type { WordedWait } from './worded-wait.ts';

/** Words the end of a wait: markers or one JSON document on stdout, sentences on stderr. */
export function report(story: WordedWait): Report {
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
