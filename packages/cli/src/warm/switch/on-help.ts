/** The help of `session warm on`: what it does, with what, and when it ends. */
export const ON_DESCRIPTION: string = `A model's provider keeps what it has read of a conversation, the prompt cache, for some minutes, and reads it again at a tenth of the price or less; once that is gone, the next request pays in full.

Starts a heartbeat for one conversation: a process of its own that sends a small real request with the conversation's prefix before the cache would go cold. It takes an id (else the newest live session of the project) and a duration (else 30m), in either order. Switched on while it is on, it goes on with the new time and settings.

Off unless asked for. Nothing is sent while the conversation itself is at work, when the cache is taken to be cold (but for --revive, once), past the break-even or a budget, or once the session has ended. What each request has really read is in the books: session warm status.

Agents that run a command again and again need none of this: session warm ID lets their own request read the cache.

DRIVERS
  command           a program of yours, after --: gets JSON, prints usage
  anthropic-replay  the last request from a capture file, max_tokens 0
  claude-fork       claude -p --resume --fork-session (experimental)
  codex-fork        codex exec fork (experimental)
  turn              the agent itself, by session warm ID: not a heartbeat

SETTINGS
  [warm] in the user's config.toml: driver, command, interval_seconds,
  budget_usd, ...; csa config show. CSA_WARM=off refuses and stops all.

EXIT CODES
  0    the heartbeat runs; or --dry-run has said what it would do
  125  nothing is kept warm (reason=): driver_unavailable, unknown-caller,
       no-live-session, session_ended, kill_switch, ...`;

/** Each runs as printed. */
export const ON_EXAMPLES: { description: string; command: string }[] = [
  {
    description: 'what would it do and cost, for a conversation named by hand?',
    command: '<%= config.bin %> <%= command.id %> 45m --caller my-conversation --dry-run -- true',
  },
];
