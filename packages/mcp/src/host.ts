import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { type Hints, type Located, locate, lookupScope, type SessionWish } from '@csa/calls';
import { isSessionId, type LookupScope } from '@csa/session';
import { BoundedWatching } from '@csa/wait';

/** What a server knows of where it runs. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Commands of this program, for whoever has a shell. */
  readonly hints: Hints;
  /** The path of the supervisor's executable. */
  readonly supervisorScript: string;
}

/** What the tools of one server share. */
export class Host implements Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly hints: Hints;
  readonly supervisorScript: string;
  /** Waits come and go, and together they may not use up the descriptors. */
  readonly watching: BoundedWatching = new BoundedWatching();

  constructor({ env, hints, supervisorScript }: Surroundings) {
    this.env = env;
    this.hints = hints;
    this.supervisorScript = supervisorScript;
  }

  /** @param cd as a client gave it: from the conversation's project. @throws Refusal reason=invalid-directory | no-home */
  scope(cd: string | undefined): LookupScope {
    return lookupScope(cd === undefined ? this.#project() : resolve(this.#project(), cd), this.env);
  }

  /** A whole id is found wherever it is, a beginning in the conversation's project. */
  wish(id: string): SessionWish {
    return isSessionId(id.toUpperCase()) ? { id } : { id, cd: this.#project() };
  }

  /** @throws Refusal reason=not-found | ambiguous-id | invalid-id | invalid-directory */
  locate(id: string): Located {
    return locate(this.wish(id), this.env);
  }

  /** Servers are started in the project, but by Claude Code's desktop program, which names it. */
  #project(): string {
    const named = this.env['CLAUDE_PROJECT_DIR'];
    return named !== undefined && isAbsolute(named) && isDirectory(named) ? named : '.';
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
