import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_OURS } from '../entry.ts';
import type { ItemWish, MemberWish } from '../wish.ts';
import { applyJson } from './apply-json.ts';
import { documentValue, readJson } from './json-document.ts';
import { stripJson } from './strip-json.ts';

const SERVER: MemberWish = {
  kind: 'member',
  id: 'mcp',
  about: 'the server',
  path: ['mcpServers', 'csa'],
  value: { command: 'csa', args: ['mcp'] },
};
const HOOK: ItemWish = {
  kind: 'item',
  id: 'hook',
  about: 'the hook',
  path: ['hooks', 'SessionStart'],
  value: { hooks: [{ command: 'csa session brief --hook' }] },
  mark: 'session brief --hook',
};
const WISHES = [SERVER, HOOK];

function edited(text: string, wishes: readonly (MemberWish | ItemWish)[] = WISHES, ours = NOTHING_OURS) {
  const edit = applyJson(text, wishes, ours);
  if (edit.kind === 'unparsable') throw new Error(edit.why);
  return edit;
}

describe('what is added', () => {
  it.each<[string, string, string]>([
    [
      'an absent file',
      '',
      '{\n  "mcpServers": {\n    "csa": {\n      "command": "csa",\n      "args": [\n        "mcp"\n      ]\n    }\n  }\n}\n',
    ],
    [
      'nothing but a mark',
      '\uFEFF',
      '\uFEFF{\n  "mcpServers": {\n    "csa": {\n      "command": "csa",\n      "args": [\n        "mcp"\n      ]\n    }\n  }\n}\n',
    ],
    ['one line', '{"a":1}', '{"a":1,"mcpServers":{"csa":{"command":"csa","args":["mcp"]}}}'],
    ['one line with spaces', '{"a": 1, }', '{"a": 1, "mcpServers": {"csa":{"command":"csa","args":["mcp"]}}, }'],
    [
      'a note behind the last member',
      '{\n\t"a": 1 // note\n}',
      '{\n\t"a": 1, // note\n\t"mcpServers": {\n\t\t"csa": {\n\t\t\t"command": "csa",\n\t\t\t"args": [\n\t\t\t\t"mcp"\n\t\t\t]\n\t\t}\n\t}\n}',
    ],
    [
      'a comma behind the last member',
      '{\r\n "mcpServers": {\r\n  "b": 1, /* c */\r\n  // end\r\n },\r\n}\r\n',
      '{\r\n "mcpServers": {\r\n  "b": 1, /* c */\r\n  "csa": {\r\n   "command": "csa",\r\n   "args": [\r\n    "mcp"\r\n   ]\r\n  },\r\n  // end\r\n },\r\n}\r\n',
    ],
    [
      'an object with a comment only',
      '{\n  // none yet\n}\n',
      '{\n  // none yet\n  "mcpServers": {\n    "csa": {\n      "command": "csa",\n      "args": [\n        "mcp"\n      ]\n    }\n  }\n}\n',
    ],
  ])('to %s is written in its own style', (_, before, after) => {
    expect(edited(before, [SERVER]).text).toBe(after);
  });

  it('is not added twice', () => {
    const once = edited('{"hooks": {"SessionStart": [1]}}');
    const twice = edited(once.text, WISHES, once.ours);
    expect([twice.text, twice.outcomes.map(({ kind }) => kind)]).toEqual([once.text, ['present', 'present']]);
  });
});

describe('what is the user’s', () => {
  it.each<[string, string]>([
    ['another value', '{"mcpServers": {"csa": {"command": "other"}}}'],
    ['a key that is there twice', '{"mcpServers": {"csa": 1, "csa": 2}}'],
    ['an object there twice', '{"mcpServers": {}, "mcpServers": {}}'],
    ['what is no object', '{"mcpServers": null}'],
  ])('stays: %s', (_, before) => {
    const { text, outcomes } = edited(before, [SERVER]);
    expect([text, outcomes]).toEqual([before, [expect.objectContaining({ kind: 'left', paste: expect.any(Array) })]]);
  });

  it.each<[string, string]>([
    [
      'a hook that does the same',
      '{"hooks": {"SessionStart": [{"command": "/opt/csa session brief --hook --cd /x"}]}}',
    ],
    ['what is no list', '{"hooks": {"SessionStart": {}}}'],
  ])('stays: %s', (_, before) => {
    expect(edited(before, [HOOK])).toMatchObject({ text: before, outcomes: [{ kind: 'left' }] });
  });

  it.each<[string, string, string]>([
    ['a larger limit', '"900000"', 'present'],
    ['a smaller limit', '"60000"', 'left'],
  ])('stays: %s', (_, limit, kind) => {
    const wish: MemberWish = {
      kind: 'member',
      id: 'env',
      about: '',
      path: ['env', 'MS'],
      value: '300000',
      isLeast: true,
    };
    const before = `{"env": {"MS": ${limit}}}`;
    expect(edited(before, [wish])).toMatchObject({ text: before, ours: { entries: [] }, outcomes: [{ kind }] });
  });
});

it.each(['{', '{"a": }', '[1]', 'nonsense', '"text"', `${'{"a":'.repeat(100_000)}`, '{"a": 1} x'])(
  'what is no configuration is not parsed: %s',
  (text) => {
    expect(applyJson(text.slice(0, 600_000), WISHES, NOTHING_OURS)).toMatchObject({ kind: 'unparsable' });
  },
);

it('what has moved is brought up to date in its place', () => {
  const moved = WISHES.map((wish) => ({ ...wish, value: { command: '/opt/csa' } }) as MemberWish);
  const first = edited('{\n  "a": 1\n}\n');
  const second = edited(first.text.replace('"a": 1', '"a": 2'), moved, first.ours);
  expect(second.outcomes.map(({ kind }) => kind)).toEqual(['updated', 'updated']);
  expect(JSON.parse(second.text)).toEqual({
    a: 2,
    mcpServers: { csa: { command: '/opt/csa' } },
    hooks: { SessionStart: [{ command: '/opt/csa' }] },
  });
  expect(stripJson(second.text, second.ours).text).toBe('{\n  "a": 2\n}\n');
});

it('what is no longer wished for is taken out', () => {
  const first = edited('{"a": 1}');
  const second = edited(first.text, [SERVER], first.ours);
  expect([JSON.parse(second.text).hooks, second.outcomes.map(({ kind }) => kind)]).toEqual([
    undefined,
    ['removed', 'present'],
  ]);
});

describe('taken out again', () => {
  it('is only what the user has not edited since', () => {
    const { text, ours } = edited('{}');
    const touched = text.replace('"mcp"', '"mcp", "--verbose"');
    const stripped = stripJson(touched, ours);
    expect([JSON.parse(stripped.text), stripped.edited.map(({ id }) => id)]).toEqual([
      { mcpServers: { csa: { command: 'csa', args: ['mcp', '--verbose'] } } },
      ['mcp'],
    ]);
  });

  it('what the user has added beside it stays byte for byte', () => {
    const { text, ours } = edited('{\n  "a": 1 // one\n}\n');
    const touched = text.replace('"SessionStart": [', '"Stop": [ 1 ], // mine\n    "SessionStart": [');
    expect(stripJson(touched, ours).text).toBe(
      '{\n  "a": 1, // one\n  "hooks": {\n    "Stop": [ 1 ] // mine\n  }\n}\n',
    );
  });

  it('never puts what follows into a comment', () => {
    const { ours } = edited('{}', [SERVER]);
    const text = '{ "mcpServers": { // all\n "b": 1, // note\n "csa": {"command": "csa", "args": ["mcp"]} } }';
    expect(documentValue(readJson(stripJson(text, ours).text))).toEqual({ mcpServers: { b: 1 } });
  });

  it('what every such file needs stays with what is there', () => {
    const version: MemberWish = { kind: 'member', id: 'base', about: '', path: ['version'], value: 1, isBase: true };
    const { text, ours } = edited('', [version, HOOK]);
    expect(stripJson(text, ours).text.trim()).toBe('{}');
    const touched = JSON.stringify({ ...JSON.parse(text), other: 1 });
    expect(JSON.parse(stripJson(touched, ours).text)).toEqual({ version: 1, other: 1 });
  });
});

/** JSON with comments, white space of all sorts and commas behind last members. */
const blank = fc.constantFrom('', ' ', '\n', '\n  ', '\t', ' // c, "x" }\n', '/* { */', '\r\n', '\n\n');
const key = fc.constantFrom('a', 'hooks', 'mcpServers', 'csa', 'SessionStart', '__proto__', 'é"\\', '//');
const scalar = fc.constantFrom('1', 'null', '"/* text */"', 'true', '-1.5e3', '"\\u0041,}"');
const { document } = fc.letrec<{ document: string; value: string; object: string; array: string }>((tie) => ({
  document: fc.tuple(blank, tie('object'), blank).map((parts) => parts.join('')),
  value: fc.oneof({ maxDepth: 4, depthIdentifier: 'json' }, scalar, tie('object'), tie('array')),
  object: fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, blank, blank, tie('value'), blank, blank), {
        selector: ([name]) => name,
        maxLength: 4,
      }),
      blank,
      fc.boolean(),
    )
    .map(([members, inner, hasComma]) =>
      brackets(
        '{}',
        members.map(([name, a, b, value, c, d]) => `${a}${JSON.stringify(name)}${b}:${c}${value}${d}`),
        inner,
        hasComma,
      ),
    ),
  array: fc
    .tuple(fc.array(fc.tuple(blank, tie('value'), blank), { maxLength: 3 }), blank, fc.boolean())
    .map(([items, inner, hasComma]) =>
      brackets(
        '[]',
        items.map((parts) => parts.join('')),
        inner,
        hasComma,
      ),
    ),
}));

function brackets([open, close]: string, members: readonly string[], inner: string, hasComma: boolean): string {
  return `${open}${members.join(',')}${hasComma && members.length > 0 ? ',' : ''}${inner}${close}`;
}

describe('of any document', () => {
  it('what is added can be taken out again, and all else says the same', () => {
    fc.assert(
      fc.property(document, (text) => {
        const value = documentValue(readJson(text));
        const { text: after, ours, outcomes } = edited(text);
        expect(documentValue(readJson(stripJson(after, ours).text))).toEqual(value);
        for (const { kind } of outcomes) expect(['added', 'left', 'present']).toContain(kind);
        expect(edited(after, WISHES, ours).text).toBe(after);
      }),
      { numRuns: 1_000 },
    );
  });

  it('nothing that was there is lost: only text is put in between', () => {
    fc.assert(
      fc.property(document, (text) => {
        const { text: after } = edited(text);
        let at = 0;
        for (const character of after) if (character === text[at]) at += 1;
        expect(at).toBe(text.length);
      }),
      { numRuns: 500 },
    );
  });

  it('taking out gives back the very bytes, but for the white space in what was empty', () => {
    fc.assert(
      fc.property(document, (text) => {
        const { text: after, ours } = edited(text);
        const closed = (some: string): string => some.replace(/([{[])\s+(?=[}\]])/g, '$1');
        expect(closed(stripJson(after, ours).text)).toBe(closed(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
