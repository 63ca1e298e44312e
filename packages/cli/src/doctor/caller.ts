import { formatDuration } from '@csa/calls';
import { type Caller, detectCaller, TOOL_MARGIN_MS, type WaitSettings, waitSettings } from '@csa/calls/settings';
import { AGENT_MARKS, Refusal, SESSION_COOKIE } from '@csa/session';
import { capWords } from '../wait/describe-cap.ts';
import { type Finding, findingsOf } from './finding.ts';

/** Who runs this shell, and how long a wait from it may take. */
export interface CallerFacts {
  /** The names of an agent's marks that are set. */
  readonly marks: readonly string[];
  /** The session whose command this is. */
  readonly session: string | undefined;
  readonly caller: Caller;
  /** What a wait without flags would do, or why it would be refused. */
  readonly wait:
    | Pick<WaitSettings, 'cap' | 'aliveExitCode'>
    | { readonly refused: string; readonly variable: string | undefined };
}

const { ok, note, warning, problem } = findingsOf('caller');
/** Variables whose bad value refuses every wait. */
const REFUSING = ['CSA_WAIT_CAP', 'CSA_ALIVE_EXIT_CODE'];

export function callerFacts(env: NodeJS.ProcessEnv, project: string): CallerFacts {
  return {
    marks: AGENT_MARKS.filter((mark) => Boolean(env[mark])),
    session: env[SESSION_COOKIE] || undefined,
    caller: detectCaller(env),
    wait: plainWait(env, project),
  };
}

export function judgeCaller(facts: CallerFacts): Finding[] {
  const { session, caller } = facts;
  return [
    judgeMarks(facts),
    ...(session === undefined
      ? []
      : [note(`this is inside the session ${session}: no shell tool ends a wait from here`)]),
    ...judgeWait(facts),
    ...(caller.yieldsEarly
      ? [
          note(
            "Codex's shell returns after 10 s while the wait goes on: poll that same process, with the longest empty read",
          ),
        ]
      : []),
    ...(caller.needsOutput
      ? [note("Gemini's shell ends silent commands after 300 s: waits print a line every 60 s")]
      : []),
  ];
}

function judgeMarks({ marks, caller, session }: CallerFacts): Finding {
  if (marks.length === 0) return ok(caller.isCi ? 'CI, without an agent' : "no agent's shell");
  const { limit } = caller;
  const by = `an agent's shell (${marks.join(', ')})`;
  if (limit !== undefined) {
    const times = `ends a call after ${formatDuration(limit.defaultMs)}, or after ${formatDuration(limit.maxMs)} if asked to`;
    return ok(`${by}: ${limit.agent} ${times}`);
  }
  if (session !== undefined || caller.yieldsEarly || caller.needsOutput) return ok(by);
  return note(`${by}, whose limit csa does not know`, 'Give waits a --cap that is shorter than that limit');
}

function judgeWait({ wait, caller }: CallerFacts): Finding[] {
  if ('refused' in wait) {
    const { variable } = wait;
    const remedy = variable === undefined ? 'Correct it' : { say: 'Correct it, or unset it', run: `unset ${variable}` };
    return [problem(`every wait is refused: ${wait.refused}`, remedy)];
  }
  const isAmbiguous = caller.isCi && wait.cap.capMs !== undefined && wait.aliveExitCode === 0;
  return [
    ok(`a wait from here takes at most: ${capWords(wait.cap)}`),
    ...(wait.cap.lowered === undefined ? [] : [note(fullCapWords(wait.cap.lowered))]),
    ...(isAmbiguous
      ? [
          warning('in CI a wait that ends alive exits with 0, as a success does', {
            say: 'Choose another code',
            run: 'export CSA_ALIVE_EXIT_CODE=75',
          }),
        ]
      : []),
  ];
}

function fullCapWords({ fullCapMs, toolMaxMs }: { readonly fullCapMs: number; readonly toolMaxMs: number }): string {
  const needed = formatDuration(fullCapMs);
  return toolMaxMs >= fullCapMs + TOOL_MARGIN_MS
    ? `${needed} would pay: ask the shell tool for a longer timeout, as KV_WARM says with tool_timeout_ms`
    : `${needed} would pay, more than the shell tool allows: run the wait in the background, with --until-done`;
}

function plainWait(env: NodeJS.ProcessEnv, project: string): CallerFacts['wait'] {
  try {
    const { cap, aliveExitCode } = waitSettings({ 'until-done': false, 'trust-result': false }, env, project);
    return { cap, aliveExitCode };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.message, variable: REFUSING.find((name) => error.message.startsWith(name)) };
  }
}
