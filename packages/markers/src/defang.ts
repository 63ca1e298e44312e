import { BLACK_CONTROLS, CONTROLS, ESCAPE_SEQUENCE, INVISIBLE } from './characters.ts';

/**
 * Make sure that no `<!-- CSA:` of a text can begin a marker: it becomes `<!- - CSA:`. Found in any case, with any white
 * space before `CSA:`, and also where it appears only once controls or escape sequences are taken out. Applied twice it
 * does no more than once.
 */
export function defangMarkers(text: string): string {
  return text.replace(OPENING_BETWEEN_CONTROLS, defanged).replace(OPENING_BETWEEN_SEQUENCES, defanged);
}

const UNSEEN = `[${CONTROLS}${INVISIBLE}]`;
// Two readings of the same text: one reader drops the controls alone, the other whole escape sequences.
const OPENING_BETWEEN_CONTROLS: RegExp = openingBetween(UNSEEN);
const OPENING_BETWEEN_SEQUENCES: RegExp = openingBetween(`${ESCAPE_SEQUENCE}|${UNSEEN}`);

const UNSEEN_IN_LETTERS: RegExp = new RegExp(`${ESCAPE_SEQUENCE}|${UNSEEN}`, 'gu');
const UNSEEN_IN_SPACE: RegExp = new RegExp(`${ESCAPE_SEQUENCE}|[${BLACK_CONTROLS}${INVISIBLE}]`, 'gu');

/** `<!--`, white space, `CSA:`, with any number of `ignored` between the characters. */
function openingBetween(ignored: string): RegExp {
  const spread = (characters: string[], name: string): string =>
    characters.map((character, index) => character + atomic(`${name}${index}`, `(?:${ignored})*`)).join('');
  const opening = spread(['<', '!', '-'], 'opening');
  const space = atomic('space', String.raw`(?:${ignored}|\s)*`);
  const letters = spread(['[Cc]', '[Ss]', '[Aa]'], 'letters');
  return new RegExp(`${opening}-${space}(?<letters>${letters}:)`, 'gu');
}

/** Taken whole or not at all, so that hostile text can't make the search go back and forth. */
function atomic(name: string, pattern: string): string {
  return `(?=(?<${name}>${pattern}))\\k<${name}>`;
}

function defanged(...match: unknown[]): string {
  const { space, letters } = match.at(-1) as { space: string; letters: string };
  return `<!- -${space.replace(UNSEEN_IN_SPACE, '')}${letters.replace(UNSEEN_IN_LETTERS, '')}`;
}
