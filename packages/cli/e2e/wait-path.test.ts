import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtCsa, type RunResult, temporaryWorld, testNode, type World } from '@csa/testkit';
import { expect, it } from 'vitest';
import { answerOf } from './answer.ts';
import { openGate, startGated } from './job.ts';
import { run } from './program.ts';

/** Writes the address of everything that is loaded into the file named by LOADED. */
const RECORDER = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n');
    return next(url, context);
  },
});
`;

/** The addresses of all that is loaded, and what it answered. */
async function loadedBy(world: World, words: readonly string[]): Promise<{ addresses: string[]; result: RunResult }> {
  const recorder = join(world.home, 'recorder.mjs');
  const loaded = join(world.home, 'loaded');
  writeFileSync(recorder, RECORDER);
  const argv = [testNode(), '--import', pathToFileURL(recorder).href, builtCsa, ...words];
  const result = await run(argv as [string, ...string[]], { world, env: { LOADED: loaded } });
  return { addresses: readFileSync(loaded, 'utf8').split('\n'), result };
}

it('loads neither execa nor the supervisor, and where there is /proc no process list', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const { addresses, result } = await loadedBy(world, ['session', 'wait', id, '--cap', '1s']);
  expect(answerOf(result).status.name).toBe('SESSION_WAIT_KV_WARM');
  expect(addresses.some((url) => url.includes('/packages/wait/'))).toBe(true);
  const unwanted = /\/node_modules\/(?:execa|ps-list|chokidar)\/|\/packages\/(?:supervisor|warm|cache)\//;
  expect(addresses.filter((url) => unwanted.test(url))).toEqual([]);
  // Whoever shows an end marks it, with as little of a brief as there can be.
  const brief = addresses.flatMap((url) => /\/packages\/brief\/(.*)$/.exec(url)?.[1] ?? []);
  expect(brief.toSorted()).toEqual(['dist/collected.js', 'dist/places.js']);
  // What a wait for many says, and what stands beside a wait on a terminal.
  const elsewhere = /\/cli\/dist\/(?:wait\/(?:companion|verbose-notes|many\/wait-\w+)|live-line|list\/\w+)\.js$/;
  expect(addresses.filter((url) => elsewhere.test(url))).toEqual([]);
});

it('a hook loads no parser of any, and without an event that concerns it nothing at all', async () => {
  const { addresses, result } = await loadedBy(temporaryWorld(), ['session', 'warm', 'hook']);
  expect([result.code, result.stdout, result.stderr]).toEqual([0, '', '']);
  const files = addresses.filter((url) => url.startsWith('file:')).map((url) => url.replace(/^.*\/packages\//, ''));
  expect(files).toEqual([
    'cli/bin/csa.js',
    ...['run-hook', 'hook-event', 'hook-input', 'warmed-before'].map((name) => `cli/dist/warm/hook/${name}.js`),
  ]);
});

it('the hook that begins a conversation loads no parser of any, nor what writes or warms', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const { addresses, result } = await loadedBy(world, ['session', 'brief', '--hook']);
  expect([result.code, result.stderr]).toEqual([0, '']);
  expect(result.stdout).toContain(id);
  const unwanted = /\/node_modules\/(?:@oclif|execa|ps-list|chokidar)\/|\/packages\/(?:supervisor|warm|transcript)\//;
  expect(addresses.filter((url) => unwanted.test(url))).toEqual([]);
  expect(addresses.filter((url) => /\/cli\/dist\/(?:brief\/answer|list|failure|csa-command)/.test(url))).toEqual([]);
  openGate(world);
});
