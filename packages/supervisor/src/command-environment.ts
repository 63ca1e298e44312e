import { join } from 'node:path';
import { AGENT_MARKS, REPORT_FILE, SESSION_COOKIE } from '@csa/session';

export interface EnvironmentWish {
  readonly inherited: NodeJS.ProcessEnv;
  /** What the caller asked for with --env. */
  readonly added: Readonly<Record<string, string>>;
  readonly keepAgentMarks: boolean;
  /** Nothing is inherited but what the command is found by and where it runs. */
  readonly clear: boolean;
}

const ALWAYS_INHERITED = new Set(['PATH', 'PWD']);

/**
 * The command's environment: the caller's without its agent's marks (a wait inside must not take the outer agent's
 * limits or transcript for its own), what was asked for, and where the session is.
 */
export function commandEnvironment(
  wish: EnvironmentWish,
  session: { id: string; directory: string },
): Record<string, string> {
  const marks = new Set(wish.keepAgentMarks ? [] : AGENT_MARKS);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(wish.inherited)) {
    const isWanted = wish.clear ? ALWAYS_INHERITED.has(name) : !marks.has(name);
    if (value !== undefined && isWanted) env[name] = value;
  }
  return {
    ...env,
    ...wish.added,
    [SESSION_COOKIE]: session.id,
    CSA_SESSION_DIR: session.directory,
    CSA_RESULT_FILE: join(session.directory, REPORT_FILE),
  };
}
