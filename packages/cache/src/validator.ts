import { type BigIntStats, statSync } from 'node:fs';

/**
 * What tells one state of a file from another. Times of milliseconds alone collide in most quick edits, times of
 * nanoseconds in half of all replacements by rename; all of these together never did. Texts, so that it survives as
 * JSON: nanoseconds and inode numbers are beyond what a double tells apart.
 */
export interface Validator {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly ino: string;
  readonly dev: string;
}

const FIELDS = ['size', 'mtimeNs', 'ctimeNs', 'ino', 'dev'] as const;

export function validatorOf({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): Validator {
  return { size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}`, ino: `${ino}`, dev: `${dev}` };
}

/** The state of what a path leads to, be it a file or a directory; `undefined` where that cannot be found out. */
export function validatorAt(path: string): Validator | undefined {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat && validatorOf(stat);
  } catch {
    // Whatever keeps it from being looked at, whoever reads it will be told.
    return undefined;
  }
}

export function isSameFile(one: Validator, other: Validator): boolean {
  return FIELDS.every((field) => one[field] === other[field]);
}

/** Whether it came out of JSON as it went in. */
export function isValidator(value: unknown): value is Validator {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Partial<Record<string, unknown>>;
  return FIELDS.every((field) => typeof fields[field] === 'string');
}
