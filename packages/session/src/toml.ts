import parseString from '@iarna/toml/parse-string.js';
import stringify from '@iarna/toml/stringify.js';

/** The one port to the TOML library: replace it here. */
export interface TomlTable {
  readonly [key: string]: unknown;
}

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

/**
 * Parses TOML 1.0. Read known keys with {@link ownValue}, never spread the table.
 * @throws TomlSyntaxError
 */
export function parseToml(text: string): TomlTable {
  try {
    return parseString(text) as TomlTable;
  } catch (error) {
    throw syntaxError(error);
  }
}

/** Writes a table; a `Date` would become a native datetime, so times are strings before they come here. */
export function stringifyToml(table: TomlTable): string {
  return stringify(table);
}

/** The value of a key that the table itself has: `__proto__` and `constructor` never reach a prototype. */
export function ownValue(table: unknown, key: string): unknown {
  if (typeof table !== 'object' || table === null || !Object.hasOwn(table, key)) return undefined;
  return (table as Record<string, unknown>)[key];
}

function syntaxError(error: unknown): TomlSyntaxError {
  // The library counts lines and columns from 0; deep nesting overflows the stack and carries no place.
  const place = error as { line?: unknown; col?: unknown };
  const line = typeof place.line === 'number' ? place.line + 1 : 1;
  const column = typeof place.col === 'number' ? place.col + 1 : 1;
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new TomlSyntaxError(text.replace(/ at row \d+, col \d+.*$/, ''), line, column);
}
