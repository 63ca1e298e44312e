import type { Fit } from './live-line.ts';

/** From so many columns on there is room for a whole id of 26 characters, and for its time alone. */
const WHOLE_COLUMNS = 60;
const TIME_COLUMNS = 50;
/** The part of an id that tells its time, with which lists begin, too. */
const TIME_CHARACTERS = 10;

/** A line about one session: what is said of it goes first, its id takes what room is left. */
export function namedLine(id: string, text: string): Fit {
  return (columns) => {
    if (columns < TIME_COLUMNS) return text;
    return `${columns < WHOLE_COLUMNS ? id.slice(0, TIME_CHARACTERS) : id} ${text}`;
  };
}
