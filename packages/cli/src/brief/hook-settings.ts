import type { Hints } from '@csa/calls';
import { isPrintableWord } from '@csa/markers';
import { type LookupScope, Refusal } from '@csa/session';
import { answer, type Report } from '../report.ts';

/** Agents whose hooks at the start of a conversation are known. */
export const HOOK_CLIENTS = ['claude', 'codex'] as const;
export type HookClient = (typeof HOOK_CLIENTS)[number];

/** All the ways in which a conversation begins with a context that knows nothing; both clients know these words. */
const SOURCES = 'startup|resume|clear|compact';
/** Seconds: more than the hook itself takes before it gives up. */
const TIMEOUT_SECONDS = 15;

const ADVICE: Readonly<Record<HookClient, string>> = {
  claude: 'Merge this with the hooks of ~/.claude/settings.json, or of .claude/settings.local.json for one project.',
  codex:
    'Add this to ~/.codex/config.toml; Codex asks once whether the hook is to be trusted, until then it does not run.',
};
const ELSEWHERE =
  'csa: the state is not in its usual place here (XDG_STATE_HOME): the hook finds it only where that is set for the agent, too.';

/** What the hook is to be run for: wherever the agent starts, or always the same project. */
export interface HookPlace {
  readonly scope: LookupScope;
  readonly isFixed: boolean;
}

/** The configuration alone on standard output. @throws Refusal reason=invalid-directory */
export function hookSettingsReport(client: HookClient, { scope, isFixed }: HookPlace, hints: Hints): Report {
  if (isFixed && !isPrintableWord(scope.project)) throw unprintable(scope.project);
  const lines = hookSettings(client, hints, isFixed ? ['--cd', scope.project] : []);
  return answer(lines, [`csa: ${ADVICE[client]}`, ...(scope.roots.isDefault ? [] : [ELSEWHERE])]);
}

/** Lines of configuration that run the hook, to be merged with what is there. */
export function hookSettings(client: HookClient, hints: Hints, flags: readonly string[] = []): string[] {
  const command = hints.command(['session', 'brief', '--hook', ...flags]);
  return client === 'claude' ? claudeLines(command) : codexLines(command);
}

/** For settings.json of Claude Code. */
function claudeLines(command: string): string[] {
  const hooks = [{ type: 'command', command, timeout: TIMEOUT_SECONDS }];
  return JSON.stringify({ hooks: { SessionStart: [{ matcher: SOURCES, hooks }] } }, null, 2).split('\n');
}

/** For config.toml of Codex. A JSON string without control characters is one of TOML's, too. */
function codexLines(command: string): string[] {
  return [
    '[[hooks.SessionStart]]',
    `matcher = ${JSON.stringify(SOURCES)}`,
    '',
    '[[hooks.SessionStart.hooks]]',
    'type = "command"',
    `command = ${JSON.stringify(command)}`,
    `timeout = ${TIMEOUT_SECONDS}`,
  ];
}

function unprintable(project: string): Refusal {
  return new Refusal({
    reason: 'invalid-directory',
    what: 'a configuration cannot name this directory',
    expected: 'a path without control characters',
    got: JSON.stringify(project),
    next: 'Leave --cd out: the hook runs where the agent is',
  });
}
