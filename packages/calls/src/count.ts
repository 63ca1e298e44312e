import { Refusal } from '@csa/session';

/** A flag that takes a count. */
export interface CountForm {
  /** `--keep`. */
  readonly flag: string;
  readonly reason: string;
  /** What is wrong with another word: `is no number of sessions`. */
  readonly what: string;
  readonly min: 0 | 1;
  /** Whether `all` is taken, too. */
  readonly takesAll: boolean;
  /** What one could write instead. */
  readonly example: number;
}

/** @throws Refusal of the form's reason */
export function parseCount(text: string, form: CountForm): number | 'all' {
  if (form.takesAll && text === 'all') return text;
  if (/^\d{1,9}$/.test(text) && (form.min === 0 || text.charAt(0) !== '0')) return Number(text);
  throw new Refusal({
    reason: form.reason,
    what: `${form.flag} ${form.what}`,
    expected: `a whole number from ${form.min} to 999999999${form.takesAll ? ', or all' : ''}`,
    got: JSON.stringify(text.slice(0, 40)),
    next: `Write ${form.flag} ${form.example}`,
  });
}
