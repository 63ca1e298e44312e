import { Refusal } from '@csa/session';
import { type Driver, detectWarmCaller, type KeeperParts, makeDriver, type SwitchOn, type WarmCaller } from '@csa/warm';
import { warmConfig } from '../../config/warm-config.ts';
import type { Located } from '../../locate.ts';
import { ANY_DRIVER } from '../../wait/keep-warm-word.ts';
import { callerTurn, currentDirectory } from '../caller-turn.ts';
import { chooseDriver } from '../choose-driver.ts';
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

/** By the config and what is usual: a wait has no flags for it. @throws Refusal for a caller or driver that is not there */
export function planHold({ driver, located, env, said }: HoldWish): HoldPlan {
  const caller = requireCaller(env);
  const config = warmConfig({ env, project: located.project });
  const choice = chooseDriver({ name: driver === ANY_DRIVER ? undefined : driver }, { config, caller, env });
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
    what: 'whose cache is to be kept warm cannot be told',
    expected: 'a shell of Claude Code (CLAUDE_CODE_SESSION_ID) or Codex (CODEX_THREAD_ID)',
    got: 'neither',
    next: 'Wait without --keep-warm, and switch on beside it: csa session warm on --caller ID',
    command: ['session', 'warm', 'on', '--help'],
  });
}
