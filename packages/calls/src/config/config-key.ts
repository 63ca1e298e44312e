import type { ValueForm } from './value-form.ts';

/**
 * One setting, and all that is known of it: reading, precedence, `config show`, warnings and the JSON Schema follow
 * from here. A new one is a constant of this type that stands in `CONFIG_KEYS`.
 */
export interface ConfigKey<T = unknown> {
  /** The table and the key in it, as TOML has them. */
  readonly table: string;
  readonly name: string;
  /** `map`: the key holds a table whose names are the user's, each with a value of this form. */
  readonly holds: 'value' | 'map';
  readonly form: ValueForm<T>;
  /** A project's file comes with the repository: what lets it run commands counts in the user's file alone. */
  readonly files: 'project and user' | 'user';
  /** `commands` may hold secrets (the address of a webhook): shown by their first word. */
  readonly shown: 'plainly' | 'as commands';
  /** An environment variable goes before the files; its reader throws a Refusal. */
  readonly variable?: { readonly name: string; readonly read: (text: string) => T };
  /** A flag goes before everything. */
  readonly flag?: string;
  /** The value when nobody says anything; absent: nothing is set. */
  readonly fallback?: T;
  readonly description: string;
}

/** What most settings are: one value, that both files may hold and everybody may see. */
export const PLAIN = { holds: 'value', files: 'project and user', shown: 'plainly' } as const;
