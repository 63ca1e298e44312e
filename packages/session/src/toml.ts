import TomlParser, { type Assignment } from '@iarna/toml/lib/toml-parser.js';
import { parsePlainToml } from './plain-toml.ts';

/** The one port to the TOML library: replace it here. */
export interface TomlTable {
  readonly [key: string]: unknown;
}

/** What is written: flat, and never a `Date`, which would become a datetime that the older reader rejects. */
export type TomlRecord = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Where a text stopped being TOML; line and column count from 1. */
export class TomlSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(`${message} at line ${line}, column ${column}`);
    this.name = 'TomlSyntaxError';
    this.line = line;
    this.column = column;
  }
}

/** The keys of a document's root whose values were written as floats: 1.0 and 1 are one number in JavaScript. */
const floats = new WeakMap<object, Set<string>>();

/** Levels of the parser, a few for each level of the document; no record nests by more than a handful. */
const MAX_DEPTH = 1000;

class Parser extends TomlParser {
  override call(state: unknown, returnTo?: unknown): void {
    if (this.stack.length > MAX_DEPTH) throw this.error(new Error('nested too deeply'));
    super.call(state, returnTo);
  }

  override recordAssignStatement(assignment: Assignment): unknown {
    const [key, ...rest] = assignment.key;
    // The library boxes numbers; only its integers have an isNaN of their own.
    const isFloat = assignment.value instanceof Number && !Object.hasOwn(assignment.value, 'isNaN');
    if (isFloat && key !== undefined && rest.length === 0 && this.ctx === this.obj) {
      floats.set(this.obj, (floats.get(this.obj) ?? new Set()).add(key));
    }
    return super.recordAssignStatement(assignment);
  }
}

/**
 * Parses TOML 1.0. Read known keys with {@link ownValue} and {@link ownInteger}, never spread the table.
 * @throws TomlSyntaxError
 */
export function parseToml(text: string): TomlTable {
  return parsePlainToml(text) ?? parseAnyToml(text);
}

/** The same by the library alone. @throws TomlSyntaxError */
export function parseAnyToml(text: string): TomlTable {
  const parser = new Parser();
  try {
    parser.parse(text);
    return parser.finish() as TomlTable;
  } catch (error) {
    throw syntaxError(error);
  }
}

/**
 * Writes a record on one line a key. The library's own writer leaves control characters as they are where there are
 * two of them, and its output is then no TOML.
 * @throws Error for a number that is no integer
 */
export function stringifyToml(record: TomlRecord): string {
  return Object.entries(record)
    .map(([key, value]) => `${key} = ${formatValue(key, value)}\n`)
    .join('');
}

/** The value of a key that the table itself has: `__proto__` and `constructor` never reach a prototype. */
export function ownValue(table: unknown, key: string): unknown {
  if (typeof table !== 'object' || table === null || !Object.hasOwn(table, key)) return undefined;
  return (table as Record<string, unknown>)[key];
}

/** The value of a key of a document's root, if it was written as an integer and is exact. */
export function ownInteger(table: TomlTable, key: string): number | undefined {
  const value = ownValue(table, key);
  return Number.isSafeInteger(value) && !floats.get(table)?.has(key) ? (value as number) : undefined;
}

function formatValue(key: string, value: TomlRecord[string]): string {
  if (typeof value === 'string') return formatString(value);
  if (typeof value === 'object') return `[${value.map(formatString).join(', ')}]`;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  throw new Error(`${key} is no integer: ${value}`);
}

/** A basic string of TOML; JSON's escapes are all valid in it, and DEL needs one more. */
function formatString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\u007F', '\\u007F');
}

function syntaxError(error: unknown): TomlSyntaxError {
  // The library counts lines from 0, and columns from 1 in the first line, from 0 in the others.
  const place = error as { line?: unknown; col?: unknown };
  const line = typeof place.line === 'number' ? place.line + 1 : 1;
  const column = typeof place.col === 'number' ? place.col + (line > 1 ? 1 : 0) : 1;
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new TomlSyntaxError(text, line, column);
}
