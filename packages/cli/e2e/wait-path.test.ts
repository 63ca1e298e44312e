import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtCsa, temporaryWorld, testNode } from '@csa/testkit';
import { expect, it } from 'vitest';
import { answerOf } from './answer.ts';
import { startGated } from './job.ts';
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

it('loads neither execa nor the supervisor, and where there is /proc no process list', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const recorder = join(world.home, 'recorder.mjs');
  const loaded = join(world.home, 'loaded');
  writeFileSync(recorder, RECORDER);
  const argv = [testNode(), '--import', pathToFileURL(recorder).href, builtCsa, 'session', 'wait', id, '--cap', '1s'];
  const answer = answerOf(await run(argv as [string, ...string[]], { world, env: { LOADED: loaded } }));
  expect(answer.status.name).toBe('SESSION_WAIT_KV_WARM');
  const addresses = readFileSync(loaded, 'utf8').split('\n');
  expect(addresses.some((url) => url.includes('/packages/wait/'))).toBe(true);
  const unwanted = /\/node_modules\/(?:execa|ps-list|chokidar)\/|\/packages\/(?:supervisor|warm|brief)\//;
  expect(addresses.filter((url) => unwanted.test(url))).toEqual([]);
  // What a wait for many says, and what stands beside a wait on a terminal.
  const elsewhere = /\/cli\/dist\/(?:wait\/(?:companion|verbose-notes|many\/wait-\w+)|live-line|list\/\w+)\.js$/;
  expect(addresses.filter((url) => elsewhere.test(url))).toEqual([]);
});
