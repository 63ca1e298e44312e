import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_OURS } from '../entry.ts';
import type { BlockWish } from '../wish.ts';
import { applyToml, stripToml } from './apply-toml.ts';
import { readToml } from './toml-value.ts';

const SERVER: BlockWish = {
  kind: 'block',
  id: 'mcp',
  about: 'the server',
  path: ['mcp_servers', 'csa'],
  lines: ['[mcp_servers.csa]', 'command = "csa"'],
};
const HOOK: BlockWish = {
  kind: 'block',
  id: 'hook',
  about: 'the hook',
  path: ['hooks', 'SessionStart'],
  lines: [
    '[[hooks.SessionStart]]',
    'matcher = "*"',
    '',
    '[[hooks.SessionStart.hooks]]',
    'command = "csa session brief --hook"',
  ],
  mark: 'session brief --hook',
};
const WISHES = [SERVER, HOOK];

function edited(text: string, wishes: readonly BlockWish[] = WISHES, ours = NOTHING_OURS) {
  const edit = applyToml(text, wishes, ours);
  if (edit.kind === 'unparsable') throw new Error(edit.why);
  return edit;
}

it.each<[string, string, string]>([
  ['an absent file', '', '[mcp_servers.csa]\ncommand = "csa"\n'],
  ['a file without a last line end', 'a = 1', 'a = 1\n\n[mcp_servers.csa]\ncommand = "csa"\n'],
  ['CRLF', '# c\r\na = 1\r\n', '# c\r\na = 1\r\n\r\n[mcp_servers.csa]\r\ncommand = "csa"\r\n'],
  ['a byte-order mark', '\uFEFFa = 1\n', '\uFEFFa = 1\n\n[mcp_servers.csa]\ncommand = "csa"\n'],
])('a table is added behind all others: %s', (_, before, after) => {
  expect(edited(before, [SERVER]).text).toBe(after);
});

it.each<[string, string]>([
  ['another table of this name', '[mcp_servers.csa]\ncommand = "other"\n'],
  ['an inline table around it', 'mcp_servers = { other = { command = "x" } }\n'],
  ['a dotted key', 'mcp_servers.csa.command = "x"\n'],
])('what is the user’s stays: %s', (_, before) => {
  expect(edited(before, [SERVER])).toMatchObject({ text: before, outcomes: [{ kind: 'left', paste: SERVER.lines }] });
});

it.each<[string, string]>([
  [
    'a hook that does the same',
    '[[hooks.SessionStart]]\n[[hooks.SessionStart.hooks]]\ncommand = "/opt/csa session brief --hook --cd /x"\n',
  ],
  ['an array that cannot grow', 'hooks.SessionStart = []\n'],
])('what is the user’s stays: %s', (_, before) => {
  expect(edited(before, [HOOK])).toMatchObject({ text: before, outcomes: [{ kind: 'left' }] });
});

it.each(['a = ', '[a', 'a = 1\na = 2\n', '<<<<<<< mine\n'])('what is no TOML is not parsed: %j', (text) => {
  expect(applyToml(text, WISHES, NOTHING_OURS).kind).toBe('unparsable');
});

it('what is there already is not added twice, in whatever way it is written', () => {
  const before = 'mcp_servers = { csa = { command = "csa" } }\n';
  expect(edited(before, [SERVER])).toMatchObject({
    text: before,
    outcomes: [{ kind: 'present' }],
    ours: { entries: [] },
  });
});

it('what has moved is brought up to date in its place', () => {
  const first = edited('a = 1\n');
  const moved = WISHES.map((wish) => ({ ...wish, lines: wish.lines.map((line) => line.replace('"csa', '"/opt/csa')) }));
  const second = edited(`${first.text}\n[later]\nb = 2\n`, moved, first.ours);
  expect(second.outcomes.map(({ kind }) => kind)).toEqual(['updated', 'updated']);
  expect(second.text).toContain('command = "/opt/csa"\n');
  expect(stripToml(second.text, second.ours)).toEqual({ text: 'a = 1\n\n[later]\nb = 2\n', edited: [] });
});

describe('taken out again', () => {
  it('is only what still stands there as it was written', () => {
    const { text, ours } = edited('a = 1\n');
    const touched = text.replace('command = "csa"', 'command = "csa"\nenabled = false');
    const stripped = stripToml(touched, ours);
    expect([stripped.text, stripped.edited.map(({ id }) => id)]).toEqual([
      'a = 1\n\n[mcp_servers.csa]\ncommand = "csa"\nenabled = false\n',
      ['mcp'],
    ]);
  });

  it('is a hook between others, and not what has been added to it', () => {
    const { text, ours } = edited('a = 1\n', [HOOK]);
    const other = '\n[[hooks.SessionStart]]\nmatcher = "mine"\n';
    expect(stripToml(text + other, ours)).toEqual({ text: `a = 1\n${other}`, edited: [] });
    const more = '\n[[hooks.SessionStart.hooks]]\ncommand = "mine"\n';
    expect(stripToml(text + more, ours)).toMatchObject({ text: text + more, edited: [{ id: 'hook' }] });
  });

  it('is a table that the agent has written anew, with the same values and between others', () => {
    const wish = { ...SERVER, lines: [...SERVER.lines, 'tool_timeout_sec = 7200'] };
    const { ours } = edited('model = "m"\n', [wish]);
    const anew =
      'model = "m"\n\n[mcp_servers.csa]\ncommand = "csa"\ntool_timeout_sec = 7200.0\n\n# other\n[mcp_servers.other]\na = 1\n';
    expect(stripToml(anew, ours)).toEqual({ text: 'model = "m"\n\n# other\n[mcp_servers.other]\na = 1\n', edited: [] });
    const hidden = `text = """\n${anew}"""\n`;
    expect(stripToml(hidden, ours)).toMatchObject({ text: hidden, edited: [{ id: 'mcp' }] });
  });

  it('leaves what the agent itself has written behind it', () => {
    const { text, ours } = edited('model = "m"');
    const state = '\n[hooks.state."config.toml:session_start:0:0"]\ntrusted_hash = "sha256:0"\n';
    expect(stripToml(text + state, ours)).toEqual({ text: `model = "m"\n${state}`, edited: [] });
  });
});

const line = fc.constantFrom(
  'a = 1',
  'b = "x" # note',
  '# comment',
  '',
  'c = """\n[mcp_servers.csa]\n"""',
  'd = [\n  1, # one\n]',
  "e = '''\n[[hooks.SessionStart]]\n'''",
  'f.g = 1979-05-27T07:32:00Z',
);
const table = fc.constantFrom(
  '[mcp_servers.other]\ncommand = "o"',
  '[hooks]',
  '[[hooks.Stop]]\nmatcher = "*"',
  '[[hooks.SessionStart]]\nmatcher = "mine"',
  '[projects."/home/me"]\ntrust_level = "trusted"',
  '[mcp_servers.csa]\ncommand = "mine"',
  '[mcp_servers]',
);
const document = fc
  .tuple(fc.uniqueArray(line), fc.uniqueArray(table), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, tables, eol, isEnded]) =>
    ([...lines, ...tables].join('\n') + (isEnded ? '\n' : '')).replaceAll('\n', eol),
  )
  .filter((text) => readToml(text).kind === 'parsed');

it('of any document, what is added can be taken out again byte for byte', () => {
  fc.assert(
    fc.property(document, (text) => {
      const { text: after, ours } = edited(text);
      expect(after.startsWith(text)).toBe(true);
      expect(edited(after, WISHES, ours).text).toBe(after);
      const stripped = stripToml(after, ours);
      const isEnded = text === '' || text.endsWith('\n') || after === text;
      expect(stripped).toEqual({ text: isEnded ? text : text + (text.includes('\r\n') ? '\r\n' : '\n'), edited: [] });
    }),
    { numRuns: 500 },
  );
});
