import { digestOf } from './digest.ts';
import type { Edit, Outcome, Stripped } from './edit.ts';
import { NOTHING_OURS, type Ours } from './entry.ts';
import { applyJson, jsonToPaste } from './json/apply-json.ts';
import { isEmptyDocument, stripJson } from './json/strip-json.ts';
import { applyToml, stripToml } from './toml/apply-toml.ts';
import type { ConfigFile } from './wish.ts';

export type Format = ConfigFile['format'];

/** What is known of a file that was written before. `after`: the digest of what was written. */
export interface Known {
  readonly after: string;
  readonly ours: Ours;
}

/** A text as it is to be, from the one that is there (`undefined`: no file). Pure. */
export function planFile(file: ConfigFile, text: string | undefined, known: Known | undefined): Edit {
  const ours = known?.ours ?? NOTHING_OURS;
  if (file.format === 'json') return applyJson(text ?? '', file.wishes, ours);
  if (file.format === 'toml') return applyToml(text ?? '', file.wishes, ours);
  return planOwn(file, text, known);
}

/** What a user can write into a file by hand instead. */
export function pasteOf(file: ConfigFile): readonly string[] {
  if (file.format === 'json') return jsonToPaste(file.wishes);
  if (file.format === 'own') return file.text.trimEnd().split('\n');
  return file.wishes.flatMap(({ lines }, index) => (index === 0 ? lines : ['', ...lines]));
}

/** What is left of a file without ours. `isEmpty`: it says nothing any more. Pure. */
export function stripFile(format: Format, text: string, ours: Ours): Stripped & { readonly isEmpty: boolean } {
  if (format === 'own') return { text, edited: [], isEmpty: false };
  const stripped = format === 'json' ? stripJson(text, ours) : stripToml(text, ours);
  return {
    ...stripped,
    isEmpty: format === 'json' ? isEmptyDocument(stripped.text) : /^\uFEFF?\s*$/.test(stripped.text),
  };
}

function planOwn(
  { path, about, text: wanted }: ConfigFile & { format: 'own' },
  text: string | undefined,
  known: Known | undefined,
): Edit {
  const id = 'file';
  const edited = (kind: 'added' | 'updated' | 'present', now: string): Edit => {
    const outcomes: Outcome[] = [{ kind, id, about }];
    return { kind: 'edited', text: now, ours: NOTHING_OURS, outcomes };
  };
  if (text === undefined) return edited('added', wanted);
  if (text === wanted) return edited('present', text);
  if (known?.after === digestOf(text)) return edited('updated', wanted);
  const why = `${path} has other contents already`;
  const left: Outcome = { kind: 'left', id, about, why, paste: wanted.trimEnd().split('\n') };
  return { kind: 'edited', text, ours: NOTHING_OURS, outcomes: [left] };
}
