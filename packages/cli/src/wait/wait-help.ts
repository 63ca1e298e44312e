/** The help of `session wait`: what an agent has to know before it waits. */
export const WAIT_DESCRIPTION: string = `Blocks until the session has a result, its supervisor is dead, or the cap is reached. The last line of stdout is always exactly one status marker; the exit code says the same.

**wait** when the result is the next step; **warm** (csa session warm) when only the clock of your prompt cache matters and there is other work to do. KV_WARM is no failure: the session is alive; run the printed cmd again in a fresh shell call. Never start the job again because a wait ended.

Several ids make one wait: for each of them (--all), for the first that ends (--any) or for the first N (--count). It prints a line for each session, those that matter first, as far as they fit, and one status marker with the counts; --json has them all. Its exit code is that of the first session, in the order given, that failed; else 124 if one is dead, 125 if one is unknown, the alive code if one is alive, 0. After --any and --count only those that ended first decide; rest_cmd waits for what is still open.

--label names the sessions of the project that have this label when the wait begins, whether they have ended or not; the printed cmd names the same ones. The session in which the wait itself runs is left out.

A printed command is as long as the ids that it repeats. Of more than 11 sessions only one command of an answer names them, where that is safe by the beginnings of their ids (--cd PROJECT stands before them), and the words on stderr point at it; whatever their number, the rest of the status marker stays below 450 bytes and the rest of stdout below 2,048, paths aside.

--keep-warm also keeps the caller's prompt cache warm while it waits, with the driver of the config or of the calling agent, or with --keep-warm=DRIVER; without --cap it then waits until it is done. It sends nothing once a further request would cost more than it could save, ends with the wait, and never makes one fail: where nothing can send, a line on stderr says why and the wait is the usual one. docs/warm.md.

EXIT CODES
  0      finished with success, or alive at the cap (marker KV_WARM)
  1-255  finished with this code of its own, except for:
  124    dead: the supervisor is gone and recorded nothing
  125    csa could not answer (reason=); says nothing about the session
  129 130 143  the wait was ended by HUP, INT, TERM; the session goes on

THE CAP
  --cap, else CSA_WAIT_CAP, else the config, else 240s; lowered where the
  calling agent's shell tool would end the wait (Claude Code, opencode).
  In CI without an agent, and with --keep-warm: until done.
  Durations: 90 (seconds), 1500ms, 90s, 5m, 1h30m, 2d.
  Use it instead of timeout(1), whose own exit code is 124, too.`;

/** Each runs as printed. */
export const WAIT_EXAMPLES: { description: string; command: string }[] = [
  {
    description: 'wait with the default cap',
    command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5',
  },
  {
    description: 'in CI: alive must not pass for done',
    command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --cap 50m --alive-exit-code 75',
  },
  {
    description: 'one look, as JSON',
    command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 --cap 0 --json',
  },
  {
    description: 'the first of two that ends',
    command: '<%= config.bin %> <%= command.id %> 01M0F77JH0BVPHYFAVF40A3GZ5 01M0F77JH0BVPKWYNPY80M71YA --any',
  },
  {
    description: 'all that were started with a label',
    command: '<%= config.bin %> <%= command.id %> --label run=42',
  },
];
