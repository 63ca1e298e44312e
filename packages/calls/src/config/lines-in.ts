/** `[table]`, `[table."with a name"]`; `[[arrays]]` of tables are none of ours. */
const HEADER = /^\s*\[([^[\]]+)\]/;
/** The path in front of a `=`: bare and quoted names, with dots between them. */
const ASSIGNMENT = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/;
const NAME = /[\w-]+|"[^"]*"|'[^']*'/g;
/** A setting is no deeper. */
const MAX_DEPTH = 3;

/** The line, from 1, on which a path is set, or else what stands around it. */
export type LineOf = (path: readonly string[]) => number | undefined;

/**
 * Finds the lines of a TOML text: places to look for people, found by a search and not by the parser, so that a
 * hostile text may mislead it. The text is searched once, when the first line is asked for.
 */
export function linesIn(text: string): LineOf {
  let index: ReadonlyMap<string, number> | undefined;
  return (path) => {
    index ??= indexOf(text);
    for (let depth = path.length; depth > 0; depth -= 1) {
      const line = index.get(keyOf(path.slice(0, depth)));
      if (line !== undefined) return line;
    }
    return undefined;
  };
}

function indexOf(text: string): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  let table: readonly string[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) table = namesOf(header);
    const names = header === undefined ? namesOf(ASSIGNMENT.exec(line)?.[1] ?? '') : [];
    const path = header !== undefined || names.length > 0 ? [...table, ...names].slice(0, MAX_DEPTH) : [];
    for (let depth = 1; depth <= path.length; depth += 1) {
      const key = keyOf(path.slice(0, depth));
      if (!index.has(key)) index.set(key, at + 1);
    }
  }
  return index;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function namesOf(text: string): string[] {
  return (text.match(NAME) ?? []).slice(0, MAX_DEPTH).map((name) => (/^["']/.test(name) ? unquoted(name) : name));
}

function unquoted(name: string): string {
  try {
    return name.startsWith('"') ? String(JSON.parse(name)) : name.slice(1, -1);
  } catch {
    return name.slice(1, -1);
  }
}
