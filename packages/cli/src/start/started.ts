import { type StartFacts, startDocument } from '@csa/calls/start';
import { formatMarker, isPrintableWord } from '@csa/markers';
import { answer, type Report } from '../report.ts';

/** All that the words of a start depend on. */
export interface StartStory extends StartFacts {
  /** Lines for standard error that come first. */
  readonly warnings: readonly string[];
}

/** What a start says: the id or the document on stdout, and on stderr how to go on. */
export function startedReport(story: StartStory): Report {
  const words = startedWords(story);
  return answer([story.json ? JSON.stringify(startDocument(story)) : story.started.session.id], words);
}

/** How to wait for the session and how to stop it, for people; and for programs that read no document. */
export function startedWords(story: StartStory): string[] {
  const { session, directory, supervisor_pid, wait_cmd, tool_timeout_ms, stop_cmd } = startDocument(story);
  const next = story.settings === undefined ? `. Wait for it: ${wait_cmd}` : '; waiting for it.';
  const sentence = `Session ${session} started${next}`;
  if (story.json) return [...story.warnings, sentence];
  const marker = formatMarker('SESSION_STARTED', [
    ['id', session],
    ['pid', supervisor_pid],
    // A wrong path would be worse than none.
    ['dir', isPrintableWord(directory) ? directory : undefined],
    ['wait_cmd', wait_cmd],
    ['tool_timeout_ms', tool_timeout_ms ?? undefined],
    ['stop_cmd', stop_cmd],
  ]);
  return [...story.warnings, sentence, marker];
}
