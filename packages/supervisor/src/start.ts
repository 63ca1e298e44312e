import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  createUnborn,
  discardUnborn,
  errnoOf,
  openNamedDirectory,
  Refusal,
  refuseStateWrite,
  type Session,
  type SessionId,
} from '@csa/session';
import { commandEnvironment } from './command-environment.ts';
import { handedOver } from './handed-over.ts';
import { type Answer, type Plan, STARTER_FD } from './plan.ts';

export interface StartRequest {
  readonly argv: readonly [command: string, ...args: string[]];
  /** The project's real path, in which the command runs. */
  readonly project: string;
  /** Where the project's sessions are. */
  readonly sessions: string;
  readonly description: string;
  /** Default: the command's base name. */
  readonly tool?: string | undefined;
  readonly labels?: ReadonlyMap<string, string> | undefined;
  readonly maxTimeMs?: number | undefined;
  /** Milliseconds without output and CPU time; only where `canMeasureProcesses()` of @csa/liveness says yes. */
  readonly idleLimitMs?: number | undefined;
  /** A descriptor that becomes the command's standard input; it stays the caller's to close. Default: /dev/null. */
  readonly stdin?: number | undefined;
  /** Shell commands to run once the session has its record, in this order. */
  readonly hooks?: readonly string[] | undefined;
  readonly inheritedEnv: NodeJS.ProcessEnv;
  readonly addedEnv: Readonly<Record<string, string>>;
  readonly keepAgentMarks: boolean;
  /** Of the caller's environment the command gets nothing but PATH. */
  readonly clearEnv?: boolean | undefined;
  /** The script that calls `runSupervisor`. */
  readonly supervisorScript: string;
}

export interface Started {
  readonly session: Session;
  readonly supervisorPid: number;
}

/** A supervisor answers in a fraction of a second; only a stuck disk keeps it silent for so long. */
const ANSWER_TIMEOUT_MS = 60_000;
const SUPERVISOR_VARIABLES = [
  ...['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL'],
  // For what it sets off on a wake.
  ...['XDG_STATE_HOME', 'CSA_BRIEF', 'CSA_BRIEF_REFRESH_MIN_SEC'],
];

/**
 * Starts a command detached, under a supervisor, and returns when the session can be waited for.
 * @throws Refusal reason=state-root-unwritable | disk-full | supervisor-failed
 */
export async function start(request: StartRequest): Promise<Started> {
  const tool = request.tool ?? basename(request.argv[0]);
  const { project, description, labels } = request;
  const unborn = createUnborn(request.sessions, { project, description, tool, labels });
  const directory = join(dirname(unborn.directory), unborn.id);
  const plan: Plan = {
    ...unborn,
    argv: request.argv,
    cwd: project,
    env: commandEnvironment(
      {
        inherited: { ...request.inheritedEnv, PWD: project },
        added: request.addedEnv,
        keepAgentMarks: request.keepAgentMarks,
        clear: request.clearEnv ?? false,
      },
      { id: unborn.id, directory },
    ),
    tool,
    ...(request.maxTimeMs === undefined ? {} : { maxTimeMs: request.maxTimeMs }),
    ...(request.idleLimitMs === undefined ? {} : { idleLimitMs: request.idleLimitMs }),
    ...(request.hooks?.length ? { hooks: request.hooks } : {}),
  };
  const { answer, pid } = await askSupervisor(request, plan);
  const session = answer.kind === 'ready' ? sessionOf(answer, unborn.id, directory) : findAppeared(directory);
  if (session !== undefined) return { session, supervisorPid: pid };
  discardUnborn(unborn.directory);
  throw refuseAnswer(answer, request.sessions);
}

/** The command runs by now: nothing of ours that fails may make it look as if it did not. */
function sessionOf(answer: Extract<Answer, { kind: 'ready' }>, id: SessionId, directory: string): Session {
  return { id, directory, device: BigInt(answer.device), inode: BigInt(answer.inode), owner: answer.owner };
}

/** A session that appeared has been started, whatever happened to its supervisor's answer. */
function findAppeared(directory: string): Session | undefined {
  try {
    return openNamedDirectory(directory);
  } catch {
    return undefined;
  }
}

async function askSupervisor(request: StartRequest, plan: Plan): Promise<{ answer: Answer; pid: number }> {
  try {
    const supervisor = spawnSupervisor(request, plan);
    return { answer: await exchange(supervisor, plan), pid: supervisor.pid ?? 0 };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return { answer: { kind: 'failed', message: `it could not be spawned: ${(error as Error).message}` }, pid: 0 };
  }
}

/**
 * Detached in its own session, in `/`, with nothing of the starter's but a pipe and the command's standard input, which
 * it holds as its own until the command has it. Of the environment it gets only what
 * it needs: NODE_OPTIONS of the caller's are for the command, and the command gets them in the plan.
 */
function spawnSupervisor({ supervisorScript, inheritedEnv, stdin }: StartRequest, plan: Plan): ChildProcess {
  const env = Object.fromEntries(SUPERVISOR_VARIABLES.map((name) => [name, inheritedEnv[name]]));
  const supervisor = spawn(process.execPath, [supervisorScript, plan.id, plan.directory], {
    cwd: '/',
    env,
    detached: true,
    stdio: [stdin ?? 'ignore', 'ignore', 'ignore', 'pipe'],
  });
  supervisor.unref();
  return supervisor;
}

async function exchange(supervisor: ChildProcess, plan: Plan): Promise<Answer> {
  const failed = Promise.withResolvers<Answer>();
  const fail = (message: string): void => failed.resolve({ kind: 'failed', message });
  supervisor.once('error', (error) => fail(`it could not be spawned: ${error.message}`));
  const timer = setTimeout(() => {
    supervisor.kill('SIGKILL');
    fail(`it gave no answer for ${ANSWER_TIMEOUT_MS / 1000}s and was ended`);
  }, ANSWER_TIMEOUT_MS);
  // A spawn that fails for want of descriptors leaves no streams at all.
  const pipe = supervisor.stdio?.[STARTER_FD] as Duplex | null | undefined;
  try {
    return pipe == null ? await failed.promise : await Promise.race([converse(pipe, plan), failed.promise]);
  } finally {
    clearTimeout(timer);
    pipe?.destroy();
  }
}

async function converse(pipe: Duplex, plan: Plan): Promise<Answer> {
  pipe.write(handedOver(plan));
  try {
    const answer = await text(pipe);
    return JSON.parse(answer) as Answer;
  } catch (error) {
    return {
      kind: 'failed',
      message: `it ended before it answered (${error instanceof Error ? error.message : error})`,
    };
  }
}

function refuseAnswer(answer: Answer, sessions: string): Refusal {
  const { code, message } = answer.kind === 'failed' ? answer : { code: undefined, message: 'a session that is gone' };
  if (code !== undefined) refuseStateWrite(Object.assign(new Error(message), { code }), sessions);
  return new Refusal({
    reason: 'supervisor-failed',
    what: 'the session did not start: its supervisor failed',
    expected: 'an answer from the supervisor',
    got: message,
    next: 'Try again; if it fails again, report it with this message',
  });
}
