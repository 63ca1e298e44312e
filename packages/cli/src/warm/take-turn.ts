import { Refusal } from '@csa/session';
import { detectWarmCaller, openWarmStore, type WarmCaller } from '@csa/warm';
import { warmConfig } from '../config/warm-config.ts';
import type { Hints } from '../hints.ts';
import type { Interrupts } from '../interrupts.ts';
import type { Located } from '../locate.ts';
import type { Report } from '../report.ts';
import { terminalOf } from '../terminal.ts';
import { waitForSession } from '../wait/wait-session.ts';
import { callerTurn, currentDirectory } from './caller-turn.ts';
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
  const turns = countTurn(located, { caller: caller ?? SOMEBODY, env, ttlMs: plan.ttl.ms });
  const ended = await waitForSession(located, wait, interrupts);
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
    notes: wait.warnings,
    plan,
    turns,
    shell: wait.caller.limit,
    askedMs: settings.askedMs,
    flags: settings.flags,
  });
}

interface Counting {
  readonly caller: WarmCaller;
  readonly env: NodeJS.ProcessEnv;
  readonly ttlMs: number;
}

/** Outside of the session's directory; where that cannot be written every turn is the first one. */
function countTurn({ session }: Located, { caller, env, ttlMs }: Counting): number {
  try {
    return openWarmStore(env).record({ caller, session: session.id }).countPoll(Date.now(), ttlMs);
  } catch (error) {
    // No home: nothing can be counted.
    if (!(error instanceof Refusal)) throw error;
    return 1;
  }
}
