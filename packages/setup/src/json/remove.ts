import type { Node } from 'jsonc-parser';
import { commaAfter } from './insert.ts';
import { endOfQuietLine } from './trivia.ts';

/**
 * Takes a member (a property of an object, an element of an array) out with one comma, the exact reverse of adding it.
 * Comments and all other members stay as they are.
 */
export function removeMember(text: string, holder: Node, member: Node): string {
  const members = holder.children ?? [];
  const index = members.indexOf(member);
  const end = member.offset + member.length;
  const after = commaAfter(text, end);
  const previous = members[index - 1];
  const before = previous === undefined ? undefined : commaAfter(text, previous.offset + previous.length);
  const comma = after ?? before;
  const start = leadOf(text, member, after === undefined ? end : after + 1);
  const without = cut(text, [[start, end], ...(comma === undefined ? [] : [[comma, comma + 1] as const])]);
  return members.length === 1 ? closed(without, holder.offset) : without;
}

/** The white space in front goes, too, unless what follows on the line would then end up in a comment. */
function leadOf(text: string, member: Node, behind: number): number {
  const start = text.slice(0, member.offset).trimEnd().length;
  const isAlone = endOfQuietLine(text, behind) !== undefined;
  return isAlone || !text.slice(start, member.offset).includes('\n') ? start : member.offset;
}

/** Nothing but white space between two brackets is nothing. */
function closed(text: string, open: number): string {
  return text.slice(0, open + 1) + text.slice(open + 1).replace(/^\s+(?=[}\]])/, '');
}

function cut(text: string, ranges: readonly (readonly [number, number])[]): string {
  return ranges
    .toSorted(([a], [b]) => b - a)
    .reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text);
}
