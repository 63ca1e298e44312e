import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { lastTurn } from './last-turn.ts';
import { answer, count, prompt, rolloutLine, second } from './transcripts.test.fixture.ts';

function written(content: string | Buffer): string {
  const path = join(temporaryDirectory(), 'transcript.jsonl');
  writeFileSync(path, content);
  return path;
}
const lines = (...some: readonly string[]): string => `${some.join('\n')}\n`;
const filler = `${JSON.stringify({ type: 'progress', text: 'x'.repeat(1_000) })}\n`;

it('is the last turn of a conversation, also of one that is still being answered', () => {
  const told = [prompt('u', 1), answer('a', { at: 2, parent: 'u', read: 5 }), prompt('v', 3)];
  expect(lastTurn(written(lines(...told)), 'claude-code')).toMatchObject({ id: 'a', startedAt: second(1) });
  const more = answer('b', { at: 4, parent: 'v', read: 6 });
  expect(lastTurn(written(lines(...told) + more), 'claude-code')).toMatchObject({ id: 'b', startedAt: second(3) });
  expect(lastTurn(written(lines(...told) + more.slice(0, -9)), 'claude-code')).toMatchObject({ id: 'a' });
});

it('is found however much stands behind it', () => {
  const told = lines(prompt('u', 1), answer('a', { at: 2, parent: 'u', read: 5 }));
  expect(lastTurn(written(filler.repeat(900) + told + filler.repeat(900)), 'claude-code')).toMatchObject({ id: 'a' });
});

it('has its true start when what caused it stands far before it', () => {
  const asked = prompt('u', 1, { toolUseResult: 'y'.repeat(500_000) });
  const told = lines(prompt('t', 0), asked, answer('a', { at: 2, parent: 'u', read: 5 }));
  expect(lastTurn(written(filler.repeat(300) + told), 'claude-code')).toMatchObject({ startedAt: second(1) });
});

it('has the model of Codex although its context stands far before it', () => {
  const model = rolloutLine('turn_context', 1, { model: 'gpt-test' });
  const asked = rolloutLine('response_item', 2, { type: 'message', role: 'user' });
  const told = lines(model) + filler.repeat(300) + lines(asked, count(3, { input: 9, cached: 3, total: 5 }));
  expect(lastTurn(written(told), 'codex')).toMatchObject({ model: 'gpt-test', startedAt: second(2) });
});

it('is none where no cache was used, and in what is no transcript', () => {
  for (const content of ['', '\n\n', '\0'.repeat(4_096), lines(answer('a')), Buffer.from([0xff, 0xfe, 0x0a, 0x22])]) {
    expect(lastTurn(written(content), 'claude-code')).toBeUndefined();
    expect(lastTurn(written(content), 'codex')).toBeUndefined();
  }
});

it('is none in a directory, a pipe, a link to nothing and what is not there', () => {
  const path = (name: string) => join(directory, name);
  const directory = temporaryDirectory();
  mkdirSync(path('directory'));
  execFileSync('mkfifo', [path('pipe')]);
  symlinkSync('/nowhere', path('link'));
  symlinkSync(path('loop'), path('loop'));
  for (const name of ['directory', 'pipe', 'link', 'loop', 'absent', 'absent/below', 'x'.repeat(5_000)]) {
    expect(lastTurn(path(name), 'claude-code')).toBeUndefined();
  }
  expect(lastTurn('/dev/zero', 'claude-code')).toBeUndefined();
});
