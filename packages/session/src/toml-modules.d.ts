// The package's own types describe only its index, which loads the streaming and asynchronous parsers too.
declare module '@iarna/toml/lib/toml-parser.js' {
  export interface Assignment {
    readonly key: readonly string[];
    readonly value: unknown;
  }
  export default class TomlParser {
    readonly obj: object;
    readonly ctx: object;
    readonly stack: readonly unknown[];
    parse(text: string): void;
    finish(): unknown;
    call(state: unknown, returnTo?: unknown): void;
    error(error: Error): Error;
    recordAssignStatement(assignment: Assignment): unknown;
  }
}
