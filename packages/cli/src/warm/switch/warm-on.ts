import { type Hints, type Located, present } from '@csa/calls';
import { warmConfig } from '@csa/calls/config';
import { lookAtSession } from '@csa/calls/look';
import { phaseOf } from '@csa/calls/view';
import { callerTurn, currentDirectory } from '@csa/calls/warm';
import { Refusal } from '@csa/session';
import type { WarmCaller } from '@csa/warm';
import type { Report } from '../../report.ts';
import { capturedAt } from '../captured-at.ts';
import { chooseCaller } from '../choose-caller.ts';
import { chooseDriver, type DriverWishes } from '../choose-driver.ts';
import { refusePointless } from '../refuse-pointless.ts';
import { type LimitFlags, warmLimits } from '../warm-settings.ts';
import { chooseSession } from './choose-session.ts';
import { planOn } from './on-plan.ts';
import { announceRevival, type OnStory, onReport } from './on-report.ts';
import { readOnWords } from './on-words.ts';
import { switchOn } from './switch-on.ts';

/** What `session warm on` was asked for, as typed. */
export interface OnWish extends LimitFlags, DriverWishes {
  readonly words: readonly string[];
  readonly caller?: string | undefined;
  readonly cd?: string | undefined;
  readonly dir?: string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

const DEFAULT_DURATION_MS = 1_800_000;

/** Switches warming on for one conversation and session, or says what that would do. @throws Refusal */
export async function warmOn(wish: OnWish, env: NodeJS.ProcessEnv, hints: Hints): Promise<Report> {
  refuseKilled(env);
  const { id, durationMs } = readOnWords(wish.words);
  const caller = chooseCaller(wish.caller, env);
  const located = await chooseSession({ id, cd: wish.cd, dir: wish.dir }, env);
  await refuseOver(located);
  const { anchor, ...settled } = settle(wish, { located, caller, durationMs, env });
  const story: OnStory = { ...settled, located, caller, hints, json: wish.json };
  const prospect = { ...settled, limits: settled.settings, ...present({ lastUseAt: anchor }) };
  await refusePointless({ caller, session: located.session.id }, prospect, env);
  if (story.settings.revive) announceRevival(story);
  if (wish['dry-run']) return onReport(story);
  return onReport({ ...story, done: await switchOn({ ...story, anchor, env }) });
}

interface OnAround {
  readonly located: Located;
  readonly caller: WarmCaller;
  /** As typed. */
  readonly durationMs: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

type Settled = Pick<OnStory, 'settings' | 'durationMs' | 'plan' | 'notes'> & { readonly anchor: number | undefined };

/** What is to be done, by flags, transcript and config; nothing is sent or written. @throws Refusal */
function settle(wish: OnWish, { located, caller, durationMs: given, env }: OnAround): Settled {
  const config = warmConfig({ env, project: located.project });
  const driver = chooseDriver(wish, { config, caller, env });
  const captured = capturedAt(driver);
  const cwd = requireDirectory();
  const turn = callerTurn(caller, env, cwd);
  const limits = warmLimits(wish, { config, turn });
  const durationMs = given ?? config.durationMs ?? DEFAULT_DURATION_MS;
  const anchor = turn?.startedAt ?? captured;
  return {
    anchor,
    durationMs,
    plan: planOn({ limits, durationMs, turn, lastUseAt: anchor, now: Date.now() }),
    settings: {
      ...limits,
      sessionDirectory: located.session.directory,
      cwd,
      driver,
      durationGiven: given !== undefined,
    },
    notes: config.warnings,
  };
}

function refuseKilled(env: NodeJS.ProcessEnv): void {
  if (env['CSA_WARM'] !== 'off') return;
  throw new Refusal({
    reason: 'kill_switch',
    what: 'nothing is kept warm here',
    expected: 'CSA_WARM unset',
    got: 'CSA_WARM=off, which stops everything',
    next: 'Unset CSA_WARM to allow it',
    command: ['session', 'warm', 'status'],
  });
}

/** Nobody returns to what has ended. */
async function refuseOver(located: Located): Promise<void> {
  const phase = phaseOf(await lookAtSession(located));
  if (phase !== 'finished' && phase !== 'dead') return;
  throw new Refusal({
    reason: 'session_ended',
    what: 'there is nothing to keep a cache warm for',
    expected: 'a session that goes on',
    got: `${located.session.id}, which is ${phase}`,
    next: 'Collect its verdict',
    command: ['session', 'wait', located.session.id],
  });
}

/** Where the conversation takes place: programs that fork it look for it there. */
function requireDirectory(): string {
  const cwd = currentDirectory();
  if (cwd !== undefined) return cwd;
  throw new Refusal({
    reason: 'invalid-directory',
    what: 'the current directory is gone',
    expected: 'the directory in which the conversation takes place',
    got: 'one that was removed',
    next: 'Change into it and try again',
  });
}
