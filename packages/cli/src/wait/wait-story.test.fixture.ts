import { Hints } from '@csa/calls';
import { type Marker, parseMarkers } from '@csa/markers';
import { SESSION_ID } from '@csa/testkit';
import type { Facts, WaitEnd } from '@csa/wait';
import type { Report } from '../report.ts';
import type { WordedWait } from './worded-wait.ts';

export { finished, OTHER_ID as OTHER, outcomeOf, SESSION_ID as ID } from '@csa/testkit';

/** A wait of 12.3 s with nothing special around it, in a shell that finds this csa. */
export function storyOf(end: WaitEnd, rest: Partial<WordedWait> & { readonly facts?: Facts } = {}): WordedWait {
  const { facts, ...fields } = rest;
  const waited = { end, elapsedMs: 12_345.6, eventsComplete: true, ...(facts === undefined ? {} : { facts }) };
  return {
    waited,
    session: SESSION_ID,
    cap: { capMs: 240_000, source: 'default' },
    aliveExitCode: 0,
    hints: new Hints(['csa']),
    target: { id: SESSION_ID },
    waitFlags: [],
    hasOutput: true,
    isCi: false,
    json: false,
    notes: [],
    ...fields,
  };
}

/** The markers on standard output, each of which must be a line of its own and nothing else must be there. */
export function markersOf({ stdout }: Report): Marker[] {
  const markers = parseMarkers(stdout.join('\n'));
  const lines = stdout.join('\n').split('\n');
  if (markers.length !== lines.length) throw new Error(`not every line is a marker: ${stdout.join('\n')}`);
  return markers;
}

export function statusMarker(report: Report): Marker {
  const last = markersOf(report).at(-1);
  if (last === undefined) throw new Error('nothing was printed');
  return last;
}

export function attributesOf(marker: Marker | undefined): Record<string, string> {
  return Object.fromEntries(marker?.attributes ?? []);
}
