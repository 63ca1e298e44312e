/** One member of a JSON object, as it stands in its text. */
export interface JsonMember {
  /** Without its escapes. */
  readonly name: string;
  /** Where the quote of its name stands. */
  readonly start: number;
  readonly valueStart: number;
  /** Just past its value. */
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The members of the object that a text is, not those of the objects within. @param text valid JSON, an object */
export function membersOf(text: string): JsonMember[] {
  const members: JsonMember[] = [];
  for (let at = skipSpace(text, text.indexOf('{') + 1); text[at] === '"'; ) {
    const nameEnd = stringEnd(text, at);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = valueEnd(text, valueStart);
    members.push({ name: JSON.parse(text.slice(at, nameEnd)), start: at, valueStart, end });
    // Past the comma; past the closing brace there is no other name.
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return members;
}

/** The same text with another value for one member; without such a member, the same text. */
export function withValue(text: string, name: string, value: string): string {
  const member = membersOf(text).find((candidate) => candidate.name === name);
  return member === undefined ? text : text.slice(0, member.valueStart) + value + text.slice(member.end);
}

/** The same text without one member and one comma beside it: white space stays, and every other byte. */
export function withoutMember(text: string, name: string): string {
  const members = membersOf(text);
  const index = members.findIndex((candidate) => candidate.name === name);
  const member = members[index];
  if (member === undefined) return text;
  const rest = text.slice(member.end);
  if (index < members.length - 1) return text.slice(0, member.start) + rest.replace(',', '');
  const before = text.slice(0, member.start);
  const comma = index === 0 ? before.length : before.lastIndexOf(',');
  return before.slice(0, comma) + before.slice(comma + 1) + rest;
}

function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start);
  if (text[start] === '{' || text[start] === '[') return bracketEnd(text, start);
  let at = start;
  while (at < text.length && !/[\s,}]/.test(text[at] ?? '')) at += 1;
  return at;
}

function bracketEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    at += 1;
    if (character === '{' || character === '[') depth += 1;
    if ((character === '}' || character === ']') && --depth === 0) return at;
  }
  return text.length;
}

/** Step by step: a pattern would run out of stack in a text of megabytes. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (' \t\n\r'.includes(text[at] ?? 'x')) at += 1;
  return at;
}
