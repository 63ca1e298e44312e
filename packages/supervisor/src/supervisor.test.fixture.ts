// A supervisor as the command line starts it, one that can be made to crash: SIGUSR2 throws in the midst of it.
import { join } from 'node:path';
import { runSupervisor } from './index.ts';

process.on('SIGUSR2', () => {
  throw new Error('a bug of the supervisor');
});
await runSupervisor({ hookRunner: join(import.meta.dirname, 'hook-runner.test.fixture.ts') });
