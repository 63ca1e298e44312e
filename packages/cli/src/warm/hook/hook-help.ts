/** The help of `session warm hook`: what it is for, and how it gets into Claude Code's settings. */
export const HOOK_DESCRIPTION: string = `Claude Code runs it at its events and writes what happens to its standard input. So the warmer knows when a conversation's own request is under way, and sends nothing then: Stop and PreToolUse say that the request is over and the cache's clock ticks, PostToolUse and UserPromptSubmit that the next one begins, SessionEnd that nobody comes back. All other events, and those of sub-agents, change nothing.

Only a conversation that csa session warm on has switched on is told of; for all others the hook does nothing. It prints nothing, never keeps Claude Code waiting and always exits with 0. A heartbeat that should run and is gone is started again.

--print-settings prints the part of settings.json that runs it (~/.claude/settings.json for yourself, .claude/settings.local.json for one project): merge it with the hooks that are there. With --on the hook at the end of a turn also switches warming on, for as long as DURATION says, where a session of the project is alive and your config names a driver ([warm] driver). What you have switched off yourself stays off.

CSA_WARM=off in the environment switches off what runs for the conversation.

EXIT CODES
  0  always: another code would be an opinion of the tool that is to run`;

/** Each runs as printed. */
export const HOOK_EXAMPLES: { description: string; command: string }[] = [
  {
    description: "print what belongs into Claude Code's settings.json",
    command: '<%= config.bin %> <%= command.id %> --print-settings',
  },
  {
    description: 'the same, with warming on for 45 minutes after each turn while a session lives',
    command: '<%= config.bin %> <%= command.id %> --print-settings --on 45m',
  },
];
