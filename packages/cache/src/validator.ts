import type { BigIntStats } from 'node:fs';

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

export function isSameFile(one: Validator, other: Validator): boolean {
  return FIELDS.every((field) => one[field] === other[field]);
}
