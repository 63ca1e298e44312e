import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createUnborn, discardUnborn, Refusal, refuseStateWrite, type Session } from '@csa/session';
import { commandEnvironment } from './command-environment.ts';
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
  readonly maxTimeMs?: number | undefined;
  readonly inheritedEnv: NodeJS.ProcessEnv;
  readonly addedEnv: Readonly<Record<string, string>>;
  readonly keepAgentMarks: boolean;
  /** The script that calls `runSupervisor`. */
  readonly supervisorScript: string;
}

export interface Started {
  readonly session: Session;
  readonly supervisorPid: number;
}

/** A supervisor answers in a fraction of a second; only a stuck disk keeps it silent for so long. */
const ANSWER_TIMEOUT_MS = 60_000;
const SUPERVISOR_VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL'];

/**
 * Starts a command detached, under a supervisor, and returns when the session can be waited for.
 * @throws Refusal reason=state-root-unwritable | disk-full | supervisor-failed
 */
export async function start(request: StartRequest): Promise<Started> {
  const tool = request.tool ?? basename(request.argv[0]);
  const { project, description } = request;
  const unborn = createUnborn(request.sessions, { project, description, tool });
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
      },
      { id: unborn.id, directory },
    ),
    tool,
    ...(request.maxTimeMs === undefined ? {} : { maxTimeMs: request.maxTimeMs }),
  };
  const supervisor = spawnSupervisor(request.supervisorScript, plan, request.inheritedEnv);
  const answer = await exchange(supervisor, plan);
  if (answer.kind === 'failed') throw refuseAnswer(answer, request.sessions, unborn.directory);
  // The command runs by now: nothing of ours that fails may make it look as if it did not.
  const { device, inode, owner } = answer;
  const session = { id: unborn.id, directory, device: BigInt(device), inode: BigInt(inode), owner };
  return { session, supervisorPid: supervisor.pid ?? 0 };
}

/**
 * Detached in its own session, in `/`, with nothing of the starter's but a pipe. Of the environment it gets only what
 * it needs: NODE_OPTIONS of the caller's are for the command, and the command gets them in the plan.
 */
function spawnSupervisor(script: string, plan: Plan, inherited: NodeJS.ProcessEnv): ChildProcess {
  const env = Object.fromEntries(SUPERVISOR_VARIABLES.map((name) => [name, inherited[name]]));
  const supervisor = spawn(process.execPath, [script, plan.id, plan.directory], {
    cwd: '/',
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
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
  const pipe = supervisor.stdio[STARTER_FD] as Duplex | undefined;
  try {
    return pipe === undefined ? await failed.promise : await Promise.race([converse(pipe, plan), failed.promise]);
  } finally {
    clearTimeout(timer);
    pipe?.destroy();
  }
}

async function converse(pipe: Duplex, plan: Plan): Promise<Answer> {
  pipe.end(JSON.stringify(plan));
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

function refuseAnswer(answer: Extract<Answer, { kind: 'failed' }>, sessions: string, unborn: string): Refusal {
  discardUnborn(unborn);
  if (answer.code !== undefined)
    refuseStateWrite(Object.assign(new Error(answer.message), { code: answer.code }), sessions);
  return new Refusal({
    reason: 'supervisor-failed',
    what: 'the session did not start: its supervisor failed',
    expected: 'an answer from the supervisor',
    got: answer.message,
    next: 'Try again; if it fails again, report it with this message',
  });
}
