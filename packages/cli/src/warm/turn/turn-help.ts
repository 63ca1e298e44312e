/** The help of `session warm ID`: when to take a turn, and what its endings mean. */
export const TURN_DESCRIPTION: string = `A model's provider keeps what it has read of a conversation, the prompt cache, for some minutes, and reads it again at a tenth of the price or less; once that is gone, the next request pays in full.

Blocks until the session has ended, or until your prompt cache wants to be read again; then your own next request reads it, byte for byte. Run the printed cmd as your next call as long as the marker says so.

**wait** when the result is the next step; **warm** when only the cache's clock matters and there is other work to do: a turn never stands in for the wait's verdict, and says with action=collect when there is one.

The deadline is the life of the cache (ttl=, ttl_source=) less the age of your last request and 30 s, as your agent's transcript shows them; 240 s where it shows nothing. It is lowered where the calling agent's shell tool would end the command; full_cmd with a tool timeout of tool_timeout_ms lasts as long as pays. Where no call of the tool lasts so long, and no --cap is given, the marker says action=background. --cap can only shorten it.

Every turn costs a read of the whole conversation. Past the break-even, which is counted, the marker says action=background, too: one wait in the background costs less. session warm on starts a heartbeat that sends small requests of its own instead.

NEXT STEPS
  re-warm     alive: run cmd again, as the next call, after other work
  background  alive: run cmd once, in the background
  collect     finished (outcome=, session_exit=): cmd gives the verdict

Any other ending has the marker of session wait, and its exit code.

EXIT CODES
  0    alive at the deadline, or finished, well or not
  124  dead: the supervisor is gone and recorded nothing
  125  csa could not answer (reason=); says nothing about the session
  129 130 143  the turn was ended by HUP, INT, TERM; the session goes on`;

/** Each runs as printed. */
export const TURN_EXAMPLES: { description: string; command: string }[] = [
  {
    description: 'until the cache wants to be read, or the session has ended',
    command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
  },
  {
    description: 'two minutes at the most, as JSON',
    command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --cap 2m --json',
  },
];
