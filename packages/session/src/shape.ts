/** Says that a value has this shape, or throws: for what is read from a disk that anybody may have written to. */
export type Shape<T> = (value: unknown) => T;

/** The longest text that is read back. */
export const MAX_TEXT: number = 4096;

export const text: Shape<string> = (value) => {
  if (typeof value === 'string' && value.length <= MAX_TEXT && !value.includes('\0')) return value;
  throw mismatch('a text', value);
};

export const flag: Shape<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw mismatch('true or false', value);
};

/** A whole number from 0 on that a double holds exactly. */
export const count: Shape<number> = (value) => {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw mismatch('a whole number', value);
};

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value) => {
    if ((words as readonly unknown[]).includes(value)) return value as T;
    throw mismatch(words.join(' or '), value);
  };
}

/** `null` stands for what is not known. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value) => (value === null ? null : shape(value));
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined ? undefined : shape(value));
}

export function listOf<T>(shape: Shape<T>, longest: number): Shape<readonly T[]> {
  return (value) => {
    if (Array.isArray(value) && value.length <= longest) return value.map(shape);
    throw mismatch('a short list', value);
  };
}

type Members<T> = { readonly [K in keyof T]-?: Shape<T[K]> | Shape<T[K] | undefined> };

/** Members that are not named here are left out. */
export function object<T extends object>(members: Members<T>): Shape<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (value) => {
    if (typeof value !== 'object' || value === null) throw mismatch('an object', value);
    const result: Partial<T> = {};
    for (const name of names) {
      const member = members[name](Object.hasOwn(value, name) ? (value as T)[name] : undefined);
      if (member !== undefined) result[name] = member as T[typeof name];
    }
    return result as T;
  };
}

/** The member called `tag` says which of these it is. */
export function tagged<T extends object>(tag: string, shapes: Readonly<Record<string, Shape<T>>>): Shape<T> {
  return (value) => {
    const word = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[tag] : undefined;
    const shape = typeof word === 'string' && Object.hasOwn(shapes, word) ? shapes[word] : undefined;
    if (shape === undefined) throw mismatch(Object.keys(shapes).join(' or '), word);
    return shape(value);
  };
}

function mismatch(expected: string, got: unknown): Error {
  return new TypeError(`expected ${expected}, got ${got === null ? 'null' : typeof got}`);
}
