import type { HookInput } from './hook-input.ts';

/** What an event of Claude Code's means for its conversation's cache. */
export type HookAction = 'arm' | 'cancel' | 'off';

/** One event, as far as it matters here. */
export interface HookEvent {
  /** Claude Code's name of it. */
  readonly name: string;
  readonly action: HookAction;
  /** The conversation's id, the same as CLAUDE_CODE_SESSION_ID in its shell. */
  readonly conversation: string;
  /** Where the conversation takes place. */
  readonly cwd?: string;
}

/**
 * The model's request is over when a turn ends and while a tool runs; it begins with a prompt and with a tool's result.
 * An event that is not named here changes nothing. SubagentStop is none: while a sub-agent works the conversation
 * itself is blocked in the tool that started it.
 */
const ACTIONS: ReadonlyMap<unknown, HookAction> = new Map([
  ['Stop', 'arm'],
  // A turn that an error of the provider's has ended.
  ['StopFailure', 'arm'],
  ['PreToolUse', 'arm'],
  ['PostToolUse', 'cancel'],
  ['PostToolUseFailure', 'cancel'],
  ['UserPromptSubmit', 'cancel'],
  ['SessionEnd', 'off'],
]);
const CONVERSATION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Reads what Claude Code writes to a hook's standard input (https://code.claude.com/docs/en/hooks). `undefined`: it
 * does not concern the conversation's cache. An event with an `agent_id` is a sub-agent's, which has a cache of its own.
 */
export function readHookEvent({ text, isCut }: HookInput): HookEvent | undefined {
  const input = parseObject(isCut ? wholeMembers(text) : text);
  const action = ACTIONS.get(input?.['hook_event_name']);
  const conversation = input?.['session_id'];
  if (input === undefined || action === undefined || isSubagents(input)) return undefined;
  if (typeof conversation !== 'string' || !CONVERSATION.test(conversation)) return undefined;
  const cwd = input['cwd'];
  return {
    name: String(input['hook_event_name']),
    action,
    conversation,
    ...(typeof cwd === 'string' && cwd.startsWith('/') ? { cwd } : {}),
  };
}

type Input = Readonly<Record<string, unknown>>;

function isSubagents({ agent_id: agent }: Input): boolean {
  return agent !== undefined && agent !== null && agent !== '';
}

function parseObject(text: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The object without the member in which it was cut off: a tool's answer can be larger than what is read of it, and
 * the names stand before it.
 */
function wholeMembers(text: string): string {
  let [depth, inString, end] = [0, false, 0];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === '\\') i += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && (character === '{' || character === '[')) depth += 1;
    else if (!inString && (character === '}' || character === ']')) depth -= 1;
    else if (!inString && character === ',' && depth === 1) end = i;
  }
  return `${text.slice(0, end)}}`;
}
