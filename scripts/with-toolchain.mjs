#!/usr/bin/env node
// Runs this repository's own Node, pnpm and turbo, whatever Node started it (20 or newer) and with nothing installed.
//   node scripts/with-toolchain.mjs <build|test|demo|nightly>
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installIfNeeded } from './installation.mjs';
import { readReports, removeReports, summarize } from './test-reports.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules/.bin');

const TASKS = new Map([
  ['build', buildAlone],
  ['test', test],
  ['demo', demo],
  ['nightly', nightly],
]);

const task = TASKS.get(process.argv[2]);
if (task === undefined) {
  console.error(`usage: node scripts/with-toolchain.mjs <${[...TASKS.keys()].join('|')}>`);
  process.exitCode = 2;
} else {
  const fault = installIfNeeded(ROOT);
  if (fault !== undefined) console.error(fault);
  process.exitCode = fault === undefined ? task() : 1;
}

function buildAlone() {
  return build() ? 0 : 1;
}

/** Whatever happens, the last line counts the tests. */
function test() {
  removeReports(ROOT);
  const faults = build() ? check() : ['the build failed, so that nothing was tested'];
  const { passed, failed } = summarize(readReports(ROOT));
  for (const fault of faults) console.error(`not good: ${fault}`);
  console.log(`${passed} passed, ${failed} failed`);
  return faults.length > 0 || failed > 0 ? 1 : 0;
}

/** All checks are made, so that one run shows all that is wrong. */
function check() {
  const tidy = succeeds('biome', ['check', '.']);
  const tested = turbo('test', ['--output-logs=full', '--concurrency=1', '--continue']);
  return [
    ...(tidy ? [] : ['biome found something; `npm run lint:fix` mends most of it']),
    ...(tested ? [] : ['a test task failed, see above']),
    ...summarize(readReports(ROOT)).faults,
  ];
}

function demo() {
  if (!build()) {
    console.error('not good: the build failed');
    return 1;
  }
  return succeeds('node', [join(ROOT, 'scripts/demo.mjs')]) ? 0 : 1;
}

/** Against the real clients of agents, which it fetches: no part of the tests. */
function nightly() {
  const folder = join(ROOT, 'packages/clients');
  return build() && succeeds('vitest', ['run', '--root', folder, '--config', 'vitest.nightly.config.ts']) ? 0 : 1;
}

function build() {
  return turbo('build', ['--output-logs=errors-only']);
}

/** `loose`: what is set for this command (NO_COLOR, TMPDIR, CSA_TEST_NODE) reaches the tasks as it is. */
function turbo(name, options) {
  return succeeds('turbo', ['run', name, '--env-mode=loose', '--log-prefix=none', ...options]);
}

function succeeds(program, args) {
  const { status, signal, error } = spawnSync(join(BIN, program), args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: environment(),
  });
  if (error) console.error(`${program} could not be started: ${error.message}`);
  if (signal) console.error(`${program} was ended by ${signal}`);
  return status === 0;
}

function environment() {
  const quiet = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };
  const plain = process.env.CI || !process.stdout.isTTY ? { NO_COLOR: '1', FORCE_COLOR: undefined } : {};
  return { ...process.env, ...quiet, ...plain, PATH: `${BIN}${delimiter}${process.env.PATH}` };
}
