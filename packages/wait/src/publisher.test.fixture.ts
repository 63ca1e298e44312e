import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { holdLifeline, identify } from '@csa/liveness';
import {
  bear,
  createUnborn,
  LIFELINE_FILE,
  publishResult,
  recordCompletion,
  recordDaemon,
  reserveResult,
} from '@csa/session';

// A program of its own: it makes sessions in the directory that it is given, prints where each is and how it will end,
// and ends it some moments later: all of it, or as far as it got before it was "killed".

const ENDS = ['all', 'result', 'completion', 'nothing'] as const;
const [sessions = '', count = '0'] = process.argv.slice(2);
const identity = (await identify(process.pid)) ?? { pid: process.pid };

for (let i = 0; i < Number(count); i += 1) {
  const end = ENDS[i % ENDS.length] ?? 'all';
  const parent = join(sessions, String(i % 8));
  mkdirSync(parent, { recursive: true });
  const unborn = createUnborn(parent, { project: '/somewhere', description: end, tool: 'make' });
  const lifeline = holdLifeline(join(unborn.directory, LIFELINE_FILE));
  reserveResult(unborn.directory);
  recordDaemon(unborn.directory, identity, lifeline);
  const session = bear(unborn);
  process.stdout.write(`${end} ${session.directory}\n`);
  spin(Math.random() * 4);
  const times = { startedAt: new Date().toISOString(), completedAt: new Date().toISOString() };
  if (end === 'all' || end === 'result') {
    publishResult(session, { status: 'failure', exitCode: i % 100, summary: 'done', tool: 'make', ...times });
    spin(Math.random());
  }
  if (end === 'all' || end === 'completion') recordCompletion(session, { exitCode: 77, status: 'failure' });
  lifeline.release();
}

/** Timers are too coarse for moments. */
function spin(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}
