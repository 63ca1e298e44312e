/** What a hook's command line asks for. */
export interface HookWish {
  readonly cd: string | undefined;
  readonly verbose: boolean;
}

/**
 * Reads the words after `session brief` where they are those of a hook and nothing else; `undefined`: they need a
 * parser.
 */
export function readHookWish(words: readonly string[]): HookWish | undefined {
  let wish: HookWish = { cd: undefined, verbose: false };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--hook') continue;
    if (word === '--verbose') {
      wish = { ...wish, verbose: true };
      continue;
    }
    const cd = word === '--cd' ? words[(at += 1)] : valueOf('--cd', word);
    // Twice, without a value, or with what may be a flag: the parser knows what to say of it.
    if (cd === undefined || cd.startsWith('-') || wish.cd !== undefined) return undefined;
    wish = { ...wish, cd };
  }
  return wish;
}

function valueOf(flag: string, word: string): string | undefined {
  return word.startsWith(`${flag}=`) ? word.slice(flag.length + 1) : undefined;
}
