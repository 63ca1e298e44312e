import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { openNamedDirectory } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { SessionSource } from './session-source.ts';
import { livingSession, wrapper } from './sessions.test.fixture.ts';
import { type WaitEnd, wait } from './wait.ts';

const SESSIONS = 300;
const NODE = ['--conditions=csa-source', '--no-warnings'];

const words = (end: WaitEnd): string =>
  end.kind === 'finished' ? `finished by ${end.source} with ${end.outcome.exitCode}` : end.kind;

test(`of ${SESSIONS} sessions that end while they are waited for none is lost, and none is told wrongly`, async () => {
  const script = join(import.meta.dirname, 'publisher.test.fixture.ts');
  const publisher = spawn(process.execPath, [...NODE, script, temporaryDirectory(), String(SESSIONS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void publisher.kill('SIGKILL'));
  const waits: Promise<readonly [got: string, expected: string, elapsedMs: number]>[] = [];
  for await (const line of createInterface({ input: publisher.stdout })) {
    const [how = '', directory = ''] = line.split(' ');
    const expected = {
      all: `finished by result with ${waits.length % 100}`,
      result: `finished by result with ${waits.length % 100}`,
      completion: 'finished by daemon-completion with 77',
      nothing: 'dead',
    }[how];
    const ending = wait(new SessionSource(openNamedDirectory(directory)));
    waits.push(ending.then(({ end, elapsedMs }) => [words(end), expected ?? '', elapsedMs]));
  }
  const ended = await Promise.all(waits);
  expect(ended).toHaveLength(SESSIONS);
  expect(ended.filter(([got, expected]) => got !== expected)).toEqual([]);
  // An event that is lost would show as a wait until the next look, five seconds later.
  expect(Math.max(...ended.map(([, , elapsedMs]) => elapsedMs))).toBeLessThan(4_500);
});

test.each([0, 1])(
  'a program that has waited, over %d wrappers, ends by itself: no timer and no watch keeps it',
  async (wrappers) => {
    const { session: target } = await livingSession();
    const session = wrappers === 0 ? target : wrapper(target.id, dirname(target.directory));
    const code = `
    import { openNamedDirectory } from '@csa/session';
    import { SessionSource, wait } from '${import.meta.dirname}/index.ts';
    const { end } = await wait(new SessionSource(openNamedDirectory('${session.directory}')), { capMs: 300 });
    console.log(end.kind);`;
    const waiter = spawn(process.execPath, [...NODE, '--input-type=module', '-e', code], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void waiter.kill('SIGKILL'));
    let [text, toldAt] = ['', 0];
    waiter.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      [text, toldAt] = [text + chunk, performance.now()];
    });
    const status = await new Promise((resolve) => waiter.once('close', resolve));
    expect([status, text]).toEqual([0, 'alive\n']);
    expect(performance.now() - toldAt).toBeLessThan(4_900);
  },
);
