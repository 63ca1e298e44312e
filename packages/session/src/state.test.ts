import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { materialize } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { openNamedDirectory } from './session.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';
import { parseState, readState, recordNewState, retireState } from './state.ts';
import { parseToml } from './toml.ts';

const AT = '2026-08-20T10:00:00.000Z';

test('a new state has all that the older reader needs', () => {
  const session = emptySession();
  const description = 'two\nlines \u001B\u0007 "x"';
  recordNewState(session.directory, { id: session.id, projectPath: '/home/dev/api', description, createdAt: AT });
  const path = join(session.directory, 'state.toml');
  expect({ ...parseToml(readFileSync(path, 'utf8')) }).toEqual({
    meta_session_id: session.id,
    project_path: '/home/dev/api',
    created_at: AT,
    last_accessed: AT,
    description,
    phase: 'active',
    turn_count: 0,
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const value = { id: session.id, projectPath: '/home/dev/api', description, createdAt: AT, phase: 'active' };
  expect(readState(session)).toEqual({ kind: 'present', value });
});

test('only the id is required, for the rest is for people', () => {
  const state = { id: 'x', projectPath: '', description: '', createdAt: '', phase: '' };
  expect(parseState('meta_session_id = "x"\nphase = 1\ncreated_at = 2026-08-20T09:15:03Z')).toEqual(state);
  expect(() => parseState('phase = "active"')).toThrow('meta_session_id is missing');
  expect(() => parseState('meta_session_id = ""')).toThrow('meta_session_id is missing');
  expect(() => parseState('[__proto__]\nmeta_session_id = "x"')).toThrow('meta_session_id is missing');
});

describe('retiring changes three keys and nothing else', () => {
  test.each(['01-finished-success', '07-alive-daemon', '13-result-unknown-fields'])('of %s', (fixture) => {
    const { dir } = materialize(fixture);
    const path = join(dir, 'state.toml');
    const before = readFileSync(path, 'utf8');
    retireState(openNamedDirectory(dir), 'killed: "x"', AT);
    const after = readFileSync(path, 'utf8');
    const changed = { phase: 'retired', termination_reason: 'killed: "x"', last_accessed: AT };
    expect({ ...parseToml(after) }).toEqual({ ...parseToml(before), ...changed });
    const kept = before.split('\n').filter((line) => !/^(?:phase|termination_reason|last_accessed) =/.test(line));
    expect(after.split('\n')).toEqual(expect.arrayContaining(kept));
  });

  test.each([
    ['floats that look like integers, tiny ones and large ones', 'x = 1.0\ny = 1e-7\nz = 1e21\nn = nan'],
    ['nanoseconds of a native time', 'x = 2026-08-20T09:15:03.771002118Z\nd = 1979-05-27'],
    ['integers past 2^53', 'x = 9223372036854775807'],
    ['arrays of mixed types', 'x = [1, "a", { b = 2.0 }, [true]]'],
    ['comments and odd spacing', '  x=1 # phase = "active"\n# a comment'],
    ['hostile keys', '"a b" = 1\n"" = 2\n"\\u0001\\u0002" = 3\n"x.y" = 4'],
    ['the same keys in a table', '[t]\nphase = "active"\ntermination_reason = 1'],
    ['a text that looks like the keys', 'note = """\nphase = "active"\nlast_accessed = "x"\n"""'],
    ['the same keys after such a text', `note = '''\nphase = "old"\n'''\nphase = "active"`],
    ['lines that end as on Windows', 'phase = "active"\r\nx = 1\r'],
    ['quoted keys', '"phase" = "active"\n\'last_accessed\' = "x"'],
  ])('with %s', (_what, lines) => {
    const text = `meta_session_id = "x"\n${lines}\n`;
    const session = sessionWith('state.toml', text);
    retireState(session, 'completed', AT);
    const after = readFileSync(join(session.directory, 'state.toml'), 'utf8');
    const changed = { phase: 'retired', termination_reason: 'completed', last_accessed: AT };
    expect({ ...parseToml(after) }).toEqual({ ...parseToml(text), ...changed });
    const kept = lines.split('\n').filter((line) => !/^\W?(?:phase|termination_reason|last_accessed)\b/.test(line));
    for (const line of kept) expect(after).toContain(line);
  });

  test('and a second time again', () => {
    const session = sessionWith('state.toml', 'meta_session_id = "x"\n');
    retireState(session, 'one', AT);
    retireState(session, 'two', AT);
    const text = readFileSync(join(session.directory, 'state.toml'), 'utf8');
    expect(parseToml(text)).toMatchObject({ meta_session_id: 'x', termination_reason: 'two' });
    expect(text.match(/termination_reason/g)).toHaveLength(1);
  });

  test('and a hostile key reaches no prototype', () => {
    const session = sessionWith('state.toml', 'meta_session_id = "x"\n[__proto__]\npolluted = true\n');
    retireState(session, 'completed', AT);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(readFileSync(join(session.directory, 'state.toml'), 'utf8')).toContain('[__proto__]\npolluted = true\n');
  });
});

test('a state that is missing or unreadable is left as it is', () => {
  const session = emptySession();
  expect(() => retireState(session, 'x', AT)).toThrow('state.toml is absent');
  const path = join(session.directory, 'state.toml');
  for (const text of ['', 'phase = ', 'phase = """\nactive"""\nmeta_session_id = "x"\n']) {
    writeFileSync(path, text);
    if (text !== '') expect(() => retireState(session, 'x', AT)).toThrow('state.toml');
    if (text !== '') expect(readFileSync(path, 'utf8')).toBe(text);
  }
});
