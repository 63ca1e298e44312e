import { closeSync, writeSync } from 'node:fs';
import { closeInheritedDescriptors } from '@csa/liveness';
import { discardUnborn, errnoOf, type Session } from '@csa/session';
import { type Born, giveBirth } from './birth.ts';
import { readHandedOver } from './handed-over.ts';
import { handOverHooks } from './hooks.ts';
import { leaveRecord } from './leave-record.ts';
import { type Answer, type Plan, STARTER_FD } from './plan.ts';
import { SignalInbox } from './signal-inbox.ts';
import type { Supervision } from './supervise.ts';
import { Wakes, type WakeWish } from './wakes.ts';

/** What a supervisor sets off beside its work: none of it changes what becomes of the session. */
export interface SupervisorParts extends WakeWish {
  /** The script that runs the hooks of a session that is over. */
  readonly hookRunner?: string | undefined;
}

/** The whole life of a supervisor's process. Never throws; the exit code says nothing, the session's record does. */
export async function runSupervisor(parts: SupervisorParts = {}): Promise<void> {
  closeInheritedDescriptors([STARTER_FD]);
  const inbox = new SignalInbox();
  const plan = readPlan();
  if (plan === undefined) return;
  const born = await tryBirth(plan);
  if (born === undefined) return;
  const wakes = new Wakes(parts, { directory: born.session.directory, project: plan.cwd });
  const afterwards = (): void => {
    setOffHooks(born.session, plan, parts.hookRunner);
    wakes.end();
  };
  const crash = new CrashGuard(born.session, plan, afterwards);
  const { device, inode, owner } = born.session;
  answer({ kind: 'ready', device: String(device), inode: String(inode), owner });
  // Loaded late: the starter is not to wait for it.
  const { Supervision } = await import('./supervise.ts');
  const supervision = new Supervision(plan, born, inbox);
  crash.guard(supervision);
  leaveRecord(born.session, plan.tool, await supervision.run(() => wakes.begin()));
  // Only now may a waiter take the supervisor for dead.
  born.lifeline?.release();
  afterwards();
}

/** Somebody else's work: the record stands, and the supervisor leaves. */
function setOffHooks(session: Session, plan: Plan, runner: string | undefined): void {
  if (plan.hooks === undefined || runner === undefined) return;
  const errand = { directory: session.directory, project: plan.cwd, env: plan.env, hooks: plan.hooks };
  handOverHooks({ script: runner }, session, errand);
}

async function tryBirth(plan: Plan): Promise<Born | undefined> {
  try {
    return await giveBirth(plan);
  } catch (error) {
    discardUnborn(plan.directory);
    const code = errnoOf(error);
    answer({ kind: 'failed', message: describe(error), ...(code === undefined ? {} : { code }) });
    return undefined;
  }
}

/** `undefined`: the starter went away before it had said what to run. */
function readPlan(): Plan | undefined {
  try {
    return JSON.parse(readHandedOver(STARTER_FD)) as Plan;
  } catch {
    const unborn = process.argv[3];
    if (unborn !== undefined) discardUnborn(unborn);
    return undefined;
  }
}

function answer(message: Answer): void {
  try {
    writeSync(STARTER_FD, JSON.stringify(message));
    closeSync(STARTER_FD);
  } catch {
    // The starter is gone; the session is not its starter's.
  }
}

/** A bug of the supervisor's leaves no command without a supervisor, and a record that says so. */
class CrashGuard {
  #supervision: Supervision | undefined;

  constructor(session: Session, plan: Plan, afterwards: () => void) {
    const onCrash = (error: unknown): void => {
      this.#supervision?.kill();
      const detail = `the supervisor crashed, and killed the command: ${describe(error)}`;
      const end = { kind: 'not-started', exitCode: 1, reason: 'supervisor-crashed', detail } as const;
      try {
        leaveRecord(session, plan.tool, { end, startedAt: new Date().toISOString(), warnings: [] });
      } finally {
        afterwards();
        process.exit(1);
      }
    };
    process.on('uncaughtException', onCrash);
    process.on('unhandledRejection', onCrash);
  }

  guard(supervision: Supervision): void {
    this.#supervision = supervision;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
