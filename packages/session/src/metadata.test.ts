import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { materialize } from '@csa/testkit';
import { expect, test } from 'vitest';
import { parseMetadata, readMetadata, recordMetadata } from './metadata.ts';
import { openNamedDirectory } from './session.ts';
import { emptySession } from './sessions.test.fixture.ts';

test('metadata of ours names the tool and promises one result', () => {
  const session = emptySession();
  recordMetadata(session.directory, 'my "tool"');
  expect(readMetadata(session)).toEqual({
    kind: 'present',
    value: { tool: 'my "tool"', publishesOnce: true, labels: new Map() },
  });
  expect(readFileSync(join(session.directory, 'metadata.toml'), 'utf8')).toContain('tool_locked = true');
});

test('metadata is written once and never replaced', () => {
  const { directory } = emptySession();
  recordMetadata(directory, 'first');
  expect(() => recordMetadata(directory, 'second')).toThrow('EEXIST');
});

test('metadata of an older program promises nothing', () => {
  const session = openNamedDirectory(materialize('01-finished-success').dir);
  expect(readMetadata(session)).toEqual({
    kind: 'present',
    value: { tool: 'codex', publishesOnce: false, labels: new Map() },
  });
});

test.each([
  ['', '', false],
  ['tool = 7', '', false],
  ['result_published = "Once"', '', false],
  ['result_published = true', '', false],
  ['result_published = ["once"]', '', false],
  ['[x]\nresult_published = "once"', '', false],
  ['[__proto__]\nresult_published = "once"\ntool = "x"', '', false],
  ['result_published = "once"\ntool = "x"', 'x', true],
])('%j promises only what it says', (text, tool, publishesOnce) => {
  expect(parseMetadata(text)).toEqual({ tool, publishesOnce, labels: new Map() });
});

test('keeps labels, whatever their text', () => {
  const { directory } = emptySession();
  const labels = new Map([
    ['team', 'api'],
    ['note', 'a = "b", c'],
    ['__proto__', 'x'],
  ]);
  recordMetadata(directory, 'make', labels);
  expect(parseMetadata(readFileSync(join(directory, 'metadata.toml'), 'utf8')).labels).toEqual(labels);
});

test.each(['labels = "a=b"', 'labels = ["a", "=b", ""]', 'labels = [1, 2]', ''])('finds no label in %j', (text) => {
  expect(parseMetadata(`tool = "make"\n${text}\n`).labels.size).toBe(0);
});
