// The package's own types describe only its index, which loads the streaming and asynchronous parsers too.
declare module '@iarna/toml/parse-string.js' {
  export default function parseString(text: string): unknown;
}
declare module '@iarna/toml/stringify.js' {
  export default function stringify(table: object): string;
}
