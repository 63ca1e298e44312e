/** Agents that read JSON from a hook; all others take its text as it is. */
export const BRIEF_FORMS = ['gemini', 'cursor'] as const;
export type BriefForm = (typeof BRIEF_FORMS)[number];

/** What a hook's command line asks for. */
export interface HookWish {
  readonly cd: string | undefined;
  readonly verbose: boolean;
  readonly form?: BriefForm | undefined;
}

const NOTHING_YET: HookWish = { cd: undefined, verbose: false };

/**
 * Reads the words after `session brief` where they are those of a hook and nothing else; `undefined`: a parser is needed,
 * if only to say what is wrong with them.
 */
export function readHookWish(words: readonly string[], wish: HookWish = NOTHING_YET): HookWish | undefined {
  const [word, next, ...others] = words;
  if (word === undefined) return wish;
  const rest = words.slice(1);
  if (word === '--hook') return readHookWish(rest, wish);
  if (word === '--verbose') return readHookWish(rest, { ...wish, verbose: true });
  if (word === '--as')
    return isForm(next) && wish.form === undefined ? readHookWish(others, { ...wish, form: next }) : undefined;
  if (wish.cd !== undefined) return undefined;
  if (word.startsWith('--cd=')) return readHookWish(rest, { ...wish, cd: word.slice('--cd='.length) });
  if (word !== '--cd' || next === undefined || next.startsWith('-')) return undefined;
  return readHookWish(others, { ...wish, cd: next });
}

function isForm(word: string | undefined): word is BriefForm {
  return (BRIEF_FORMS as readonly (string | undefined)[]).includes(word);
}
