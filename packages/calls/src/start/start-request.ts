import { canMeasureProcesses } from '@csa/liveness';
import { type LookupScope, sessionsDirectory } from '@csa/session';
import { type Started, type StartRequest, start } from '@csa/supervisor';
import { parseLabels } from '../label.ts';
import { parseEnvironment, parseIdleLimit, parseMaxTime } from './start-words.ts';
import { openStdin, type Stdin } from './stdin.ts';

/** The flags of a start, as typed. */
export interface CommandFlags {
  readonly description: string;
  readonly tool?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly stdin?: string | undefined;
  readonly env?: readonly string[] | undefined;
  readonly 'clear-env': boolean;
  readonly 'keep-agent-env': boolean;
  readonly 'max-time'?: string | undefined;
  readonly 'idle-timeout'?: string | undefined;
}

/** A start that may hold what the command is to read. */
export interface SessionRequest extends Omit<StartRequest, 'stdin'> {
  readonly stdin?: Stdin | undefined;
}

/** What a start depends on besides what was typed. */
export interface StartPlace {
  readonly scope: LookupScope;
  readonly hooks: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The path of the supervisor's executable. */
  readonly supervisorScript: string;
}

/**
 * All that a start needs, checked: nothing has been made yet, and only standard input is open.
 * @throws Refusal for what the user typed
 */
export function startRequest(
  argv: StartRequest['argv'],
  flags: CommandFlags,
  { scope, hooks, env, supervisorScript }: StartPlace,
): SessionRequest {
  return {
    argv,
    project: scope.project,
    sessions: sessionsDirectory(scope.roots.primary, scope.project),
    description: flags.description,
    tool: flags.tool,
    labels: parseLabels(flags.label ?? []),
    maxTimeMs: parseMaxTime(flags['max-time']),
    idleLimitMs: parseIdleLimit(flags['idle-timeout'], canMeasureProcesses),
    inheritedEnv: env,
    addedEnv: parseEnvironment(flags.env ?? [], env),
    keepAgentMarks: flags['keep-agent-env'],
    clearEnv: flags['clear-env'],
    supervisorScript,
    hooks,
    // Last: what is refused before leaves nothing open.
    stdin: flags.stdin === undefined ? undefined : openStdin(flags.stdin),
  };
}

/** Starts it; its standard input is the session's alone from then on. */
export async function startSession({ stdin, ...request }: SessionRequest): Promise<Started> {
  const started = await start({ ...request, stdin: stdin?.fd });
  stdin?.release();
  return started;
}
