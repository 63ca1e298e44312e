import { makeReplay } from './anthropic-replay.ts';
import { makeCommandDriver } from './command-driver.ts';
import type { Driver } from './driver.ts';
import type { DriverChoice } from './driver-choice.ts';
import { makeClaudeFork, makeCodexFork } from './fork-drivers.ts';

/** Makes the driver of a choice. `env` is that of whoever warms: programs get it, credentials are read from it. */
export function makeDriver(choice: DriverChoice, env: NodeJS.ProcessEnv): Driver {
  switch (choice.name) {
    case 'command':
      return makeCommandDriver(choice, env);
    case 'claude-fork':
      return makeClaudeFork(env);
    case 'codex-fork':
      return makeCodexFork(env);
    case 'anthropic-replay':
      return makeReplay(choice, env);
  }
}
