import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Candidate, candidatesOf, fromFile } from './candidates.ts';
import { type ConfigFile, readConfigFile, readConfigFiles } from './config-file.ts';
import { configured, fileWith } from './configs.test.fixture.ts';
import { ALIVE_EXIT_CODE, LONG_POLL, PROVIDER_TTLS, SESSION_FINISHED } from './keys.ts';

/** What each place says of the code of an alive ending: nothing, something usable, something unusable. */
const SAYINGS = ['silent', 'usable', 'unusable'] as const;
type Saying = (typeof SAYINGS)[number];
const COMBINATIONS = SAYINGS.flatMap((env) =>
  SAYINGS.flatMap((project) => SAYINGS.map((user): [Saying, Saying, Saying] => [env, project, user])),
);

describe('over every combination of environment, project and user', () => {
  it.each(COMBINATIONS)(
    '%s, %s, %s: all that is said stands in order, and the default is last',
    (env, project, user) => {
      const text = (saying: Saying, code: number): string | undefined =>
        saying === 'silent' ? undefined : `[wait]\nalive_exit_code = ${saying === 'usable' ? code : 124}\n`;
      const world = configured({ project: text(project, 71), user: text(user, 72) });
      const variable = { silent: {}, usable: { CSA_ALIVE_EXIT_CODE: '70' }, unusable: { CSA_ALIVE_EXIT_CODE: 'x' } };
      const environment = { ...world.env, ...variable[env] };
      const files = readConfigFiles({ env: environment, project: world.project });
      const candidates = candidatesOf({ key: ALIVE_EXIT_CODE }, files, environment);
      const expected = [
        [env, 'environment', 70],
        [project, 'project', 71],
        [user, 'user', 72],
        ['usable', 'default', 0],
      ].filter(([saying]) => saying !== 'silent');
      expect(candidates.map(brief)).toEqual(
        expected.map(([saying, kind, value]) => [saying, kind, saying === 'usable' ? value : undefined]),
      );
    },
  );

  function brief(candidate: Candidate<unknown>): unknown[] {
    return [candidate.kind, candidate.origin.kind, candidate.kind === 'usable' ? candidate.value : undefined];
  }
});

it('a variable that is empty is not set', () => {
  expect(candidatesOf({ key: LONG_POLL }, [], { CSA_WAIT_CAP: '' })).toHaveLength(1);
});

it('a duration in a variable counts in seconds', () => {
  const [first] = candidatesOf({ key: LONG_POLL }, [], { CSA_WAIT_CAP: '1500ms' });
  expect(first).toEqual({
    kind: 'usable',
    origin: { kind: 'environment', variable: 'CSA_WAIT_CAP' },
    value: 1.5,
  });
});

it('a variable says nothing of an entry of a map', () => {
  expect(candidatesOf({ key: PROVIDER_TTLS, entry: 'x' }, [], { CSA_WAIT_CAP: '5' })).toEqual([]);
});

describe('a value in a file', () => {
  it.each([
    ['0', 'got 0'],
    ['-5', 'got -5'],
    ['604801', 'from 1 to 604800, got 604801'],
    ['1.5', 'got 1.5'],
    ['"300"', 'must be an integer from 1 to 604800, got "300"'],
    ['true', 'got true'],
    ['inf', 'got Infinity'],
    ['nan', 'got NaN'],
    ['9007199254740993', 'got 9007199254740993'],
    ['2026-01-01', 'got a date'],
    ['[1]', 'got a table or an array'],
    ['{}', 'got a table or an array'],
    ['{ toString = 1, valueOf = 2 }', 'got a table or an array'],
    [`"${'x'.repeat(5_000)}"`, `got "${'x'.repeat(39)};`],
  ])('of %s is not used, and its place is named', (value, words) => {
    const file = fileWith(`[kv_cache]\nlong_poll_seconds = ${value}\n`);
    const said = fromFile({ key: LONG_POLL }, file);
    expect(said).toMatchObject({ kind: 'unusable', why: expect.stringContaining(words) });
    expect(said).toMatchObject({
      why: expect.stringMatching(/config\.toml:2: kv_cache\.long_poll_seconds .*ignored$/),
    });
  });

  it.each([
    ['300', 300],
    ['1', 1],
    ['604800', 604_800],
    ['0x10', 16],
    ['3_00', 300],
  ])('of %s is used', (value, seconds) => {
    const file = fileWith(`[kv_cache]\nlong_poll_seconds = ${value}\n`);
    expect(fromFile({ key: LONG_POLL }, file)).toMatchObject({ kind: 'usable', value: seconds });
  });

  it('of a map is that of its entry, whatever it is called', () => {
    const file = fileWith('[kv_cache.provider_ttls]\n"open ai" = 5\n"__proto__" = 9\n');
    expect(fromFile({ key: PROVIDER_TTLS, entry: 'open ai' }, file)).toMatchObject({ value: 5, origin: { line: 2 } });
    expect(fromFile({ key: PROVIDER_TTLS, entry: '__proto__' }, file)).toMatchObject({ value: 9 });
    for (const entry of ['toString', 'constructor', '']) {
      expect(fromFile({ key: PROVIDER_TTLS, entry }, file)).toBeUndefined();
    }
  });

  it('of a table that is none says nothing', () => {
    expect(fromFile({ key: LONG_POLL }, fileWith('kv_cache = 5\n'))).toBeUndefined();
    expect(fromFile({ key: PROVIDER_TTLS, entry: '0' }, fileWith('kv_cache.provider_ttls = [9]\n'))).toMatchObject({
      kind: 'usable',
    });
  });
});

describe('commands', () => {
  const TEXT = '[hooks]\nsession_finished = "notify"\n';

  it.each([
    ['"notify"', ['notify']],
    ['["a", "b c"]', ['a', 'b c']],
    ['[]', []],
  ])('are %s', (value, commands) => {
    const file = fileWith(`[hooks]\nsession_finished = ${value}\n`);
    expect(fromFile({ key: SESSION_FINISHED }, file)).toMatchObject({ kind: 'usable', value: commands });
  });

  it.each([
    '""',
    '"  "',
    '["a", ""]',
    '["a", 1]',
    '5',
    '{}',
    '"a\\u0000b"',
    `[${'"a",'.repeat(33)}]`,
    `"${'x'.repeat(9_000)}"`,
  ])('of %j are refused without being shown', (value) => {
    const said = fromFile({ key: SESSION_FINISHED }, fileWith(`[hooks]\nsession_finished = ${value}\n`));
    expect(said).toMatchObject({ kind: 'unusable', why: expect.stringContaining('hooks.session_finished must be') });
    expect(JSON.stringify(said)).not.toContain('a\\');
  });

  it('of a project are never taken: a repository must not run commands', () => {
    expect(fromFile({ key: SESSION_FINISHED }, fileWith(TEXT, 'project'))).toMatchObject({
      kind: 'unusable',
      why: expect.stringContaining('a repository must not run commands'),
    });
  });

  it('are not taken from a file that everybody may write', () => {
    const file = fileWith(TEXT) as ConfigFile & { path: string };
    chmodSync(file.path, 0o666);
    expect(fromFile({ key: SESSION_FINISHED }, readConfigFile('user', file.path))).toMatchObject({
      kind: 'unusable',
      why: expect.stringContaining('chmod o-w'),
    });
    chmodSync(file.path, 0o664);
    expect(fromFile({ key: SESSION_FINISHED }, readConfigFile('user', file.path))).toMatchObject({ kind: 'usable' });
  });

  it("are not taken from another user's file, but from root's", () => {
    const file = fileWith(TEXT);
    const owned = (owner: number): ConfigFile => ({ ...file, owner }) as ConfigFile;
    const kindOf = (owner: number) => fromFile({ key: SESSION_FINISHED }, owned(owner))?.kind;
    expect([0, process.getuid?.() ?? 0, 4_711].map(kindOf)).toEqual(['usable', 'usable', 'unusable']);
  });
});
