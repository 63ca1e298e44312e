import { randomBytes } from 'node:crypto';
import { AGENT_MARKS } from '@csa/session';
import { type TurnTokens, threadTotal, transcriptOf } from '@csa/transcript';
import { commandEnvironment, runWarmCommand } from './command-driver.ts';
import type { Driver, WarmAnswer, WarmContext } from './driver.ts';
import { failed } from './failed-answer.ts';
import { usageSince } from './usage-since.ts';

/** How an agent's own program forks a conversation for one request. */
interface Fork {
  readonly name: 'claude-fork' | 'codex-fork';
  readonly argv: (caller: string, text: string) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What of the usage that it is going to print was used before; `null`: that cannot be told. */
  readonly before?: (context: WarmContext, env: NodeJS.ProcessEnv) => TurnTokens | null;
}

/**
 * With 2.1.328 such a fork repeats the conversation's own prefix, with older versions it reads nothing: the usage tells.
 * Another model or other tools would be another prefix. Never resumed in place: a turn of it may be running.
 */
const CLAUDE: Fork = {
  name: 'claude-fork',
  argv: (caller, text) => [
    ...['claude', '-p', text, '--resume', caller, '--fork-session', '--no-session-persistence'],
    ...['--max-turns', '1', '--permission-mode', 'dontAsk', '--output-format', 'json'],
  ],
  // What a provider refuses is to be left alone, and not asked ten times more.
  env: { CLAUDE_CODE_MAX_RETRIES: '0' },
};

const CODEX: Fork = {
  name: 'codex-fork',
  argv: (caller, text) => [
    ...['codex', 'exec', 'fork', '--json', '--skip-git-repo-check', '--ephemeral', caller, text],
  ],
  env: {},
  before: ({ caller, cwd }, env) => {
    const rollout = transcriptOf({ agent: 'codex', id: caller }, env, cwd);
    return (rollout === undefined ? undefined : threadTotal(rollout)) ?? null;
  },
};

const NONCE_BYTES = 8;

export function makeClaudeFork(env: NodeJS.ProcessEnv): Driver {
  return makeFork(CLAUDE, env);
}

export function makeCodexFork(env: NodeJS.ProcessEnv): Driver {
  return makeFork(CODEX, env);
}

function makeFork(fork: Fork, env: NodeJS.ProcessEnv): Driver {
  const forkEnv = { ...withoutMarks(commandEnvironment(env)), ...fork.env };
  return {
    name: fork.name,
    credential: fork.name,
    warm: async (context, signal) => {
      if (!isArgument(context.caller)) {
        return failed('driver_unavailable', `${fork.name} needs the id that the agent gave its conversation`);
      }
      const argv = fork.argv(context.caller, newText());
      const before = fork.before?.(context, env);
      const answer = await runWarmCommand({ argv, env: forkEnv, timeoutMs: context.timeoutMs }, context, signal);
      return before === undefined ? answer : ofThisRequest(answer, before);
    },
  };
}

/** A fork of a Codex thread counts on from where the thread stands: the sum would call any request a hit. */
function ofThisRequest(answer: WarmAnswer, before: TurnTokens | null): WarmAnswer {
  if (answer.kind !== 'answered' || answer.usage === null) return answer;
  return { ...answer, usage: before === null ? null : usageSince(before, answer.usage) };
}

/** It is to look like a start by hand: inside an agent's shell, an agent may refuse to start or think itself a child. */
function withoutMarks(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !AGENT_MARKS.includes(name)));
}

/** An id that cannot be taken for an option. */
function isArgument(caller: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,127}$/.test(caller);
}

/** The same text twice would read the first fork's own prefix, and renew only the beginning of the conversation's. */
function newText(): string {
  return `Reply with the one word ok. [${randomBytes(NONCE_BYTES).toString('hex')}]`;
}
