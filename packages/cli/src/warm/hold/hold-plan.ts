import type { Located } from '@csa/calls';
import { warmConfig } from '@csa/calls/config';
import { ANY_DRIVER } from '@csa/calls/settings';
import { callerTurn, currentDirectory } from '@csa/calls/warm';
import { Refusal } from '@csa/session';
import {
  type Driver,
  type DriverChoice,
  detectWarmCaller,
  type KeeperParts,
  makeDriver,
  type SwitchOn,
  type WarmCaller,
} from '@csa/warm';
import { capturedAt } from '../captured-at.ts';
import { chooseDriver, type DriverAround } from '../choose-driver.ts';
import { warmLimits } from '../warm-settings.ts';

/** What a wait is to hold warm while it blocks. */
export interface HoldWish {
  /** As it stands behind `--keep-warm=`. */
  readonly driver: string;
  /** The session that is waited for; of several, any. */
  readonly located: Located;
  readonly env: NodeJS.ProcessEnv;
  /** What the wait says of the config files itself. */
  readonly said: readonly string[];
}

/** Whose cache, for how much, and by what. */
export interface HoldPlan {
  readonly on: SwitchOn;
  readonly driver: Driver;
  readonly lastUse: KeeperParts['lastUse'];
  /** What is wrong with the config's [warm]. */
  readonly warnings: readonly string[];
}

/** A wait has its own cap; this only has to be a time. */
const LONGEST_MS = 7 * 86_400_000;

/** A wait has no flags for what a driver needs. */
const WAYS =
  'Set [warm] driver, and what it needs, in your config; or give --keep-warm=claude-fork or codex-fork; or run csa session warm ID instead';

/**
 * By the config and what is usual: a wait has no flags for it.
 * @throws Refusal with the ways out, for a caller that is not known, and a driver that is not there or has nothing to send
 */
export function planHold({ driver, located, env, said }: HoldWish): HoldPlan {
  const caller = requireCaller(env);
  const config = warmConfig({ env, project: located.project });
  const choice = requireDriver(driver, { config, caller, env });
  const cwd = currentDirectory() ?? '/';
  const lastUse = () => callerTurn(caller, env, cwd);
  const turn = lastUse();
  const at = Date.now();
  const settings = {
    ...warmLimits({ revive: false }, { config, turn }),
    sessionDirectory: located.session.directory,
    cwd,
    driver: choice,
    durationGiven: true,
  };
  const key = { caller, session: located.session.id };
  const on = { key, at, until: at + LONGEST_MS, settings, anchor: turn?.startedAt };
  const warnings = config.warnings.filter((warning) => !said.includes(warning));
  return { on, driver: makeDriver(choice, env), lastUse, warnings };
}

function requireCaller(env: NodeJS.ProcessEnv): WarmCaller {
  const caller = detectWarmCaller(env);
  if (caller !== undefined) return caller;
  throw new Refusal({
    reason: 'unknown-caller',
    what: 'whose it is cannot be told',
    expected: 'a shell of Claude Code (CLAUDE_CODE_SESSION_ID) or Codex (CODEX_THREAD_ID)',
    got: 'neither',
    next: 'Switch on beside the wait: csa session warm on --caller ID',
    command: ['session', 'warm', 'on', '--help'],
  });
}

function requireDriver(name: string, around: DriverAround): DriverChoice {
  try {
    const choice = chooseDriver({ name: name === ANY_DRIVER ? undefined : name }, around);
    capturedAt(choice);
    return choice;
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'driver_unavailable') throw error;
    throw new Refusal({ ...error.detail, next: WAYS });
  }
}
