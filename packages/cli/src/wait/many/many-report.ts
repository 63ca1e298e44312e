import { judgeMany, manyJson } from '@csa/calls/many';
import { cleanLine } from '@csa/markers';
import type { Report } from '../../report.ts';
import { manyMarkers } from './many-markers.ts';
import { aliveInCi, manyWords, type WordedMany } from './many-words.ts';
import { inOrder, memberLines } from './member-lines.ts';

/** Words the end of a wait for several sessions: markers or one JSON document on stdout, sentences on stderr. */
export function reportMany(many: WordedMany): Report {
  const { ending, exitCode, tally } = judgeMany(many);
  return {
    exitCode,
    stdout: many.json ? [JSON.stringify(manyJson(many))] : manyMarkers(many),
    stderr: [
      ...many.notes.map((note) => `csa: ${cleanLine(note)}`),
      ...(many.json ? aliveInCi(many) : manyWords(many)),
    ],
    // A failure's code says enough without its lines.
    needsOutput: ending === 'alive' && tally.failed === 0,
  };
}

/** Which members standard output tells of one by one, as places in the order given; the others are only counted. */
export function toldMembers({ members, json }: WordedMany): number[] {
  const told = json ? members : inOrder(members).slice(0, memberLines(members).lines.length);
  return told.map((member) => members.indexOf(member));
}
