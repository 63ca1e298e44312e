import { BLACK_CONTROLS, COLOUR_SEQUENCE, CONTROLS, CSI_SEQUENCE, ESCAPE_SEQUENCE, INVISIBLE } from './characters.ts';

const OPENING = /<!--\s*CSA:/gi;

// Readings of the same text: one reader drops controls alone, others the sequences that colour text too, in 7 bits or in
// 8, and one all escape sequences. That a reader may keep some white space among the controls changes nothing: it may stand only where OPENING
// allows it.
const DROPPED_BY_CHARACTER = new RegExp(`[${CONTROLS}${INVISIBLE}]+`, 'gu');
const DROPPED_BY_SEQUENCE = new RegExp(`${ESCAPE_SEQUENCE}|[${CONTROLS}${INVISIBLE}]`, 'gu');
const DROPPED_BY_COLOUR = new RegExp(`${COLOUR_SEQUENCE}|[${CONTROLS}${INVISIBLE}]`, 'gu');
const DROPPED_BY_CSI = new RegExp(`${CSI_SEQUENCE}|[${CONTROLS}${INVISIBLE}]`, 'gu');
const UNREADABLE = new RegExp(`${ESCAPE_SEQUENCE}|[${BLACK_CONTROLS}${INVISIBLE}]`, 'gu');

const READINGS = [DROPPED_BY_CHARACTER, DROPPED_BY_COLOUR, DROPPED_BY_CSI, DROPPED_BY_SEQUENCE];

/**
 * Make sure that no `<!-- CSA:` of a text can begin a marker: it becomes `<!- - CSA:`. Found in any case, with any white
 * space before `CSA:`, and also where it appears only once controls or escape sequences are taken out. Applied twice it
 * does no more than once.
 */
export function defangMarkers(text: string): string {
  // No reading of a text without this character opens a marker.
  return text.includes('<') ? READINGS.reduce(defangReading, text) : text;
}

/** Looks at what the reader is left with, which takes linear time whatever the text, then changes the text itself. */
function defangReading(text: string, dropped: RegExp): string {
  const kept = text.replace(dropped, '');
  const openings = [...kept.matchAll(OPENING)];
  if (openings.length === 0) return text;
  const places = placesOfKept(text, dropped);
  let result = '';
  let done = 0;
  for (const { index, 0: opening } of openings) {
    const from = places[index] ?? 0;
    const to = (places[index + opening.length - 1] ?? 0) + 1;
    result += text.slice(done, from) + broken(text.slice(from, to));
    done = to;
  }
  return result + text.slice(done);
}

/** For each character that is kept, where it stands in the text. */
function placesOfKept(text: string, dropped: RegExp): number[] {
  const places: number[] = [];
  let place = 0;
  for (const { index, 0: gone } of [...text.matchAll(dropped), { index: text.length, 0: '' }]) {
    for (; place < index; place += 1) places.push(place);
    place += gone.length;
  }
  return places;
}

function broken(opening: string): string {
  return opening.replace(UNREADABLE, '').replace(/<\s*!\s*-\s*-/, '<!- -');
}
