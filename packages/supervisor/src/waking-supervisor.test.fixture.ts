// A supervisor that leaves in its project what it saw at each wake; a file `mood` there says how it takes it.
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookAtLifeline } from '@csa/liveness';
import { openNamedDirectory, readDaemon } from '@csa/session';
import { runSupervisor, type Wake } from './index.ts';

process.on('SIGUSR2', () => {
  throw new Error('a bug of the supervisor');
});
await runSupervisor({ onWake, wakeEveryMs: 50 });

function onWake(wake: Wake): unknown {
  const seen = { ...wake, names: readdirSync(wake.directory), lifeline: lifelineOf(wake.directory) };
  appendFileSync(join(wake.project, 'wakes'), `${JSON.stringify(seen)}\n`);
  switch (moodOf(wake.project)) {
    case 'throws':
      throw new Error('no wish to wake');
    case 'rejects':
      return Promise.reject(new Error('no wish to wake'));
    case 'never settles':
      return new Promise(() => {});
    default:
      return undefined;
  }
}

function lifelineOf(directory: string): string | undefined {
  const daemon = readDaemon(openNamedDirectory(directory));
  const record = daemon.kind === 'present' ? daemon.value.lifeline : undefined;
  return record && lookAtLifeline(join(directory, 'lifeline'), record);
}

function moodOf(project: string): string {
  const path = join(project, 'mood');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
