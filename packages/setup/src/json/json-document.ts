import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Json, JsonPath } from './json-value.ts';

/** `root` is `undefined` for a text in which nothing is said yet. */
export type JsonDocument =
  | { readonly kind: 'parsed'; readonly text: string; readonly root: Node | undefined }
  | { readonly kind: 'unparsable'; readonly why: string };

/** What stands at a path. */
export type Finding =
  | { readonly kind: 'found'; readonly node: Node; readonly value: Json }
  /** `holder`: the innermost object that is there; `missing`: the keys that it does not have. */
  | { readonly kind: 'absent'; readonly holder: Node; readonly missing: JsonPath }
  | { readonly kind: 'blocked'; readonly why: string };

const OPTIONS = { allowTrailingComma: true, disallowComments: false };

/** Reads JSON with comments and commas behind the last member. Its root must be an object. */
export function readJson(text: string): JsonDocument {
  const errors: ParseError[] = [];
  const root = parseOrWhy(text, errors);
  if (typeof root === 'string') return { kind: 'unparsable', why: root };
  const isEmpty = /^\uFEFF?\s*$/.test(text);
  if (isEmpty) return { kind: 'parsed', text, root: undefined };
  const [error] = errors;
  if (error !== undefined) {
    return { kind: 'unparsable', why: `${printParseErrorCode(error.error)} in line ${lineAt(text, error.offset)}` };
  }
  if (root?.type !== 'object')
    return { kind: 'unparsable', why: `its root is no object but ${root?.type ?? 'nothing'}` };
  return { kind: 'parsed', text, root };
}

/** Nothing is taken for what has two values: programs do not agree on which one counts. */
export function findIn(root: Node, path: JsonPath): Finding {
  let node = root;
  for (const [depth, key] of path.entries()) {
    if (node.type !== 'object') return { kind: 'blocked', why: `${path.slice(0, depth).join('.')} is no object` };
    const members = (node.children ?? []).filter((member) => member.children?.[0]?.value === key);
    if (members.length > 1) return { kind: 'blocked', why: `${path.slice(0, depth + 1).join('.')} is there twice` };
    const value = members[0]?.children?.[1];
    if (value === undefined) return { kind: 'absent', holder: node, missing: path.slice(depth) };
    node = value;
  }
  return { kind: 'found', node, value: getNodeValue(node) };
}

/** The whole document's value. */
export function documentValue(document: JsonDocument): Json | undefined {
  return document.kind === 'parsed' && document.root !== undefined ? getNodeValue(document.root) : undefined;
}

/** A hostile nesting is deeper than the parser's stack. */
function parseOrWhy(text: string, errors: ParseError[]): Node | undefined | string {
  try {
    // The parser knows no byte-order mark; offsets stay as they are.
    return parseTree(text.replace(/^\uFEFF/, ' '), errors, OPTIONS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'it is nested too deeply';
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
