/** What a setting may be, in a file: how it is told from what it may not be, in words and for editors. */
export interface ValueForm<T> {
  /** Continues "must be". */
  readonly expected: string;
  /** `undefined` for a value of another form. */
  readonly read: (value: unknown) => T | undefined;
  /** JSON Schema, draft 2020-12. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  readonly except?: readonly number[];
}

/** More is a mistake: each may take a minute, one after the other. */
export const MAX_COMMANDS = 16;
const MAX_COMMAND_LENGTH = 8_192;
const MAX_SHOWN = 40;

export function integerForm({ min, max, except = [] }: IntegerRange): ValueForm<number> {
  const but = except.length === 0 ? '' : `, but not ${except.join(' or ')}`;
  return {
    expected: `an integer from ${min} to ${max}${but}`,
    read: (value) => {
      if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
      return value >= min && value <= max && !except.includes(value) ? value : undefined;
    },
    schema: {
      type: 'integer',
      minimum: min,
      maximum: max,
      ...(except.length === 0 ? {} : { not: { enum: except } }),
    },
  };
}

export function numberForm({ min, max }: { readonly min: number; readonly max: number }): ValueForm<number> {
  return {
    expected: `a number from ${min} to ${max}`,
    read: (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined),
    schema: { type: 'number', minimum: min, maximum: max },
  };
}

export function choiceForm<T extends string>(choices: readonly T[]): ValueForm<T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    read: (value) => choices.find((choice) => choice === value),
    schema: { enum: choices },
  };
}

/** Text that looks like `pattern`, which is a JSON Schema's, too. `expected` says so in words. */
export function textForm(pattern: string, expected: string): ValueForm<string> {
  const form = new RegExp(pattern, 'u');
  return {
    expected,
    read: (value) => (typeof value === 'string' && form.test(value) ? value : undefined),
    schema: { type: 'string', pattern },
  };
}

const COMMAND_SCHEMA = {
  type: 'string',
  maxLength: MAX_COMMAND_LENGTH,
  pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
};

/** One line of shell, or several that run one after the other. */
export const commandsForm: ValueForm<readonly string[]> = {
  expected: `a command, or an array of at most ${MAX_COMMANDS} of them, each one not empty`,
  read: (value) => {
    const commands = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(commands) || commands.length > MAX_COMMANDS) return undefined;
    return commands.every((command) => typeof command === 'string' && isCommand(command)) ? commands : undefined;
  },
  schema: { oneOf: [COMMAND_SCHEMA, { type: 'array', maxItems: MAX_COMMANDS, items: COMMAND_SCHEMA }] },
};

const MAX_WORDS = 64;

/** A program and its arguments, which no shell sees. */
export const argvForm: ValueForm<readonly string[]> = {
  expected: `an array of 1 to ${MAX_WORDS} words, the program first, none of them empty`,
  read: (value) =>
    Array.isArray(value) && value.length >= 1 && value.length <= MAX_WORDS && value.every(isWord) ? value : undefined,
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: MAX_WORDS,
    items: { type: 'string', minLength: 1, maxLength: MAX_COMMAND_LENGTH, pattern: '^[^\\u0000]*$' },
  },
};

function isWord(word: unknown): boolean {
  return typeof word === 'string' && word !== '' && word.length <= MAX_COMMAND_LENGTH && !word.includes('\0');
}

/** A line that a shell can be given; no program can be given a NUL. */
export function isCommand(text: string): boolean {
  return text.trim() !== '' && text.length <= MAX_COMMAND_LENGTH && !text.includes('\0');
}

/** A value that is not what it should be, in a few words. A table or an array is named by its kind: it may hold anything. */
export function describeValue(value: unknown): string {
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return 'a table or an array';
  return (typeof value === 'string' ? JSON.stringify(value) : String(value)).slice(0, MAX_SHOWN);
}
