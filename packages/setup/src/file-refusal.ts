import { Refusal, type RefusalDetail } from '@csa/session';

/** A file that is left alone, and what the user can write there by hand. */
export class FileRefusal extends Refusal {
  readonly path: string;
  readonly paste: readonly string[];

  constructor(detail: RefusalDetail, file: { readonly path: string; readonly paste: readonly string[] }) {
    super(detail);
    this.name = 'FileRefusal';
    this.path = file.path;
    this.paste = file.paste;
  }

  static unparsable(path: string, why: string, paste: readonly string[]): FileRefusal {
    const detail: RefusalDetail = {
      reason: 'unparsable',
      what: `${path} is left alone, nothing was written`,
      expected: path.endsWith('.toml') ? 'TOML' : 'JSON, comments allowed',
      got: why,
      next: 'Put it right and try again, or write the lines there yourself',
    };
    return new FileRefusal(detail, { path, paste });
  }
}

/** Runs it; what refuses a file then names the lines, too. */
export function withPaste<T>(
  file: { readonly path: string; readonly paste: () => readonly string[] },
  run: () => T,
): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal) || error instanceof FileRefusal) throw error;
    throw new FileRefusal(error.detail, { path: file.path, paste: file.paste() });
  }
}
