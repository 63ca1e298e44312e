import { formatDuration, type Hints } from '@csa/calls';

/**
 * Those that every version of Claude Code knows: one event that it does not know makes it leave out the whole settings
 * file.
 */
const EVENTS = ['Stop', 'PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'SessionEnd'] as const;
/** Events of one tool, which are told apart by its name. */
const OF_TOOLS: ReadonlySet<string> = new Set(['PreToolUse', 'PostToolUse']);
const TIMEOUT_SECONDS = 5;

/**
 * What belongs into Claude Code's settings.json so that it tells of its conversations.
 * @param onMs for how long to switch warming on at the end of a turn; `undefined`: only what is on is told of
 */
export function claudeSettings(hints: Hints, onMs?: number): object {
  return {
    hooks: Object.fromEntries(
      EVENTS.map((event) => {
        const flags = event === 'Stop' && onMs !== undefined ? ['--on', formatDuration(onMs)] : [];
        const command = hints.command(['session', 'warm', 'hook', ...flags]);
        const hooks = [{ type: 'command', command, timeout: TIMEOUT_SECONDS }];
        return [event, [OF_TOOLS.has(event) ? { matcher: '*', hooks } : { hooks }]];
      }),
    ),
  };
}
