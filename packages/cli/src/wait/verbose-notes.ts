import { formatDuration, type Located } from '@csa/calls';
import type { WaitedSession } from '@csa/calls/look';
import type { WaitSettings } from '@csa/calls/settings';
import { describeFacts, describeRow } from '../view/explain.ts';

/** How a wait found its answer, for --verbose. */
export function verboseNotes({ waited }: WaitedSession, { session }: Located, { cap }: WaitSettings): string[] {
  return [
    `directory: ${session.directory}`,
    `cap: ${cap.capMs === undefined ? 'none' : formatDuration(cap.capMs)}, from ${cap.source}`,
    `changes: ${waited.eventsComplete ? 'told by events' : 'looked for every second'}`,
    ...(waited.facts === undefined ? [] : describeFacts(waited.facts)),
    `verdict: ${describeRow(waited.end)}`,
  ];
}
