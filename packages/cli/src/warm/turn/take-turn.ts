import type { Hints, Located } from '@csa/calls';
import { warmConfig } from '@csa/calls/config';
import { callerTurn, currentDirectory } from '@csa/calls/warm';
import { Refusal } from '@csa/session';
import { detectWarmCaller, openWarmStore, type WarmCaller, type WarmRecord } from '@csa/warm';
import type { Interrupts } from '../../interrupts.ts';
import type { Report } from '../../report.ts';
import { terminalOf } from '../../terminal.ts';
import { waitAccompanied } from '../../wait/wait-accompanied.ts';
import { adopt } from '../adopt.ts';
import { turnReport } from './turn-report.ts';
import { type TurnFlags, turnSettings } from './turn-settings.ts';

/** Counts together whoever cannot be told apart. */
const SOMEBODY: WarmCaller = { agent: 'other', id: 'unknown' };

export interface TurnContext {
  readonly env: NodeJS.ProcessEnv;
  readonly hints: Hints;
  readonly interrupts: Interrupts;
}

/** Blocks until the session has ended or its caller's cache wants to be read again, and words the answer. */
export async function takeTurn(located: Located, flags: TurnFlags, context: TurnContext): Promise<Report> {
  const { env, hints, interrupts } = context;
  const caller = detectWarmCaller(env);
  const config = warmConfig({ env, project: located.project });
  const turn = caller === undefined ? undefined : callerTurn(caller, env, currentDirectory());
  const settings = turnSettings(flags, { env, config, turn });
  const { plan, wait } = settings;
  const record = recordOf(located, caller ?? SOMEBODY, env);
  const turns = record?.countPoll(Date.now(), plan.ttl.ms) ?? 1;
  const adopted = record === undefined ? [] : await adopt(record, env);
  const ended = await waitAccompanied(located, wait, interrupts);
  return turnReport({
    ...ended,
    verb: 'warm',
    session: located.session.id,
    cap: wait.cap,
    aliveExitCode: 0,
    interruption: interrupts.cause,
    hints,
    target: located.target,
    waitFlags: wait.repeatFlags,
    isCi: false,
    json: flags.json,
    hasColour: terminalOf(process.stderr, env).hasColour,
    notes: [...wait.warnings, ...adopted],
    plan,
    turns,
    shell: wait.caller.limit,
    askedMs: settings.askedMs,
    flags: settings.flags,
  });
}

/** Outside of the session's directory. `undefined`: there is no home, and nothing can be counted. */
function recordOf({ session }: Located, caller: WarmCaller, env: NodeJS.ProcessEnv): WarmRecord | undefined {
  try {
    return openWarmStore(env).record({ caller, session: session.id });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
