import { cleanLine } from './clean.ts';

/** More is never shown of a line; so a text of a megabyte costs no more than its beginning. */
const MAX_READ = 4096;
const ELLIPSIS = '…';

/** What a screen shows nothing of, variation selectors among it, and what only one font has a picture for. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}]/gu;
/** A name in angle brackets, as instructions to a model are put. */
const TAG = /<\s*\/?\s*[A-Za-z][\w:.-]{0,60}\s*\/?\s*>/g;
/** Brackets of tags and links in all their widths, code, headings, emphasis, tables, escapes. */
const MARKUP = /[<>＜＞﹤﹥‹›〈〉⟨⟩[\]［］`#＃*|｜\\]/gu;
/** Strikes out, or fences code. */
const TILDES = /~{2,}/g;
const UNDERSCORES = /_{2,}/g;
/** Emphasis: inside of a word an underscore is part of a name. */
const EDGE_UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** Another spelling of any character, brackets among them. */
const ENTITY = /&(?=#?\w{1,40};)/g;
/** Names a file or a person; within a word it is an address. */
const MENTION = /(?<![\p{L}\p{N}])@+/gu;
/** Who speaks next, where a conversation is written down as one text. */
const ROLE = /\b(human|assistant|system|user|developer|tool)\s*[:：]/giu;

/**
 * One line that means nothing to whoever reads it as markdown, or as instructions: for text from sessions in what an
 * agent is told. All that {@link cleanLine} takes out, and markup, tags, entities, mentions, the names of roles and what
 * cannot be seen. Double quotes become single ones: in quotes it is one text that ends where the quotes end.
 *
 * It may begin with anything: to stand at the beginning of a line it is not made.
 *
 * @param maxChars the most UTF-16 units of the result; a longer one is cut at a character and ends with `…`
 */
export function inertLine(text: string, maxChars: number): string {
  const shown = cleanLine(text.slice(0, MAX_READ).replace(/["“”„‟«»＂]/gu, "'"))
    .replace(UNSEEN, '')
    .replace(TAG, ' ')
    .replace(MARKUP, '')
    .replace(UNDERSCORES, '_')
    .replace(EDGE_UNDERSCORE, '')
    .replace(MENTION, '')
    // What was taken out may have stood between two that make one of these.
    .replace(TILDES, '~')
    .replace(ENTITY, ' ')
    .replace(ROLE, '$1 -');
  return cut(shown.replace(/\s+/g, ' ').trim(), maxChars);
}

function cut(line: string, maxChars: number): string {
  if (line.length <= maxChars) return line;
  const beginning = line.slice(0, Math.max(0, maxChars - ELLIPSIS.length));
  // Half a character at the end is none, and an underscore there no part of a name.
  return beginning.replace(/[\ud800-\udbff_]$/u, '').trimEnd() + ELLIPSIS.slice(0, maxChars);
}
