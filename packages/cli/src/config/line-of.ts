/** `[table]`, `[table."with a name"]`; `[[arrays]]` of tables are none of ours. */
const HEADER = /^\s*\[([^[\]]+)\]/;
/** The path in front of a `=`: bare and quoted names, with dots between them. */
const ASSIGNMENT = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/;
const NAME = /[\w-]+|"[^"]*"|'[^']*'/g;

/**
 * The line, from 1, on which a file sets a path, or something above or below it: a place to look for people, found by a
 * search and not by the parser, so that a hostile text may mislead it. `undefined` where it finds none.
 */
export function lineOf(text: string, path: readonly string[]): number | undefined {
  let table: readonly string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) {
      table = namesOf(header);
      if (isBeginning(path, table)) return index + 1;
      continue;
    }
    const names = namesOf(ASSIGNMENT.exec(line)?.[1] ?? '');
    if (names.length > 0 && isBeginning([...table, ...names], path)) return index + 1;
  }
  return undefined;
}

function namesOf(text: string): string[] {
  return (text.match(NAME) ?? []).map((name) => (/^["']/.test(name) ? unquoted(name) : name));
}

function unquoted(name: string): string {
  try {
    return name.startsWith('"') ? String(JSON.parse(name)) : name.slice(1, -1);
  } catch {
    return name.slice(1, -1);
  }
}

function isBeginning(beginning: readonly string[], path: readonly string[]): boolean {
  return beginning.length <= path.length && beginning.every((name, i) => name === path[i]);
}
