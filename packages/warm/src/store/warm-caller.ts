import { Refusal } from '@csa/session/files';
import type { WarmCaller } from './warm-key.ts';

const AGENTS = ['claude-code', 'codex', 'other'] as const;
/** What a child of an agent's shell finds in its environment. */
const MARKS = [
  ['claude-code', 'CLAUDE_CODE_SESSION_ID'],
  ['codex', 'CODEX_THREAD_ID'],
] as const;
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The conversation that runs this process, as its agent's environment tells; `undefined` where it does not. */
export function detectWarmCaller(env: NodeJS.ProcessEnv): WarmCaller | undefined {
  for (const [agent, variable] of MARKS) {
    const id = env[variable];
    if (id !== undefined && SAFE_ID.test(id)) return { agent, id };
  }
  return undefined;
}

/**
 * Reads a conversation as a user names it: `ID`, or `claude-code:ID`. An id alone is that of the agent whose
 * environment names the same, else of `other`.
 * @throws Refusal reason=invalid-caller
 */
export function parseWarmCaller(text: string, env: NodeJS.ProcessEnv): WarmCaller {
  const colon = text.indexOf(':');
  const agent = AGENTS.find((name) => name === text.slice(0, Math.max(colon, 0)));
  const id = agent === undefined ? text : text.slice(colon + 1);
  if (!SAFE_ID.test(id)) throw invalidCaller(text);
  if (agent !== undefined) return { agent, id };
  const detected = detectWarmCaller(env);
  return detected?.id === id ? detected : { agent: 'other', id };
}

function invalidCaller(text: string): Refusal {
  return new Refusal({
    reason: 'invalid-caller',
    what: 'not the id of a conversation',
    expected: 'at most 128 letters, digits, dots, dashes and underscores, after claude-code: or codex: if need be',
    got: text === '' ? 'an empty word' : JSON.stringify(text.slice(0, 80)),
    next: 'Give the id that the agent itself gives its conversation',
  });
}
