import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag, lookupFlags, sessionArgs } from '../../csa-command.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import { locate } from '../../locate.ts';
import type { Report } from '../../report.ts';
import { terminalOf } from '../../terminal.ts';
import { verboseNotes } from '../../wait/verbose-notes.ts';
import { report } from '../../wait/wait-report.ts';
import { waitForSession } from '../../wait/wait-session.ts';
import { waitSettings } from '../../wait/wait-settings.ts';

export default class SessionWait extends CsaCommand {
  static override summary = 'Wait for a session and answer with its own record.';
  static override description =
    `Blocks until the session has a result, its supervisor is dead, or the cap is reached. The last line of stdout is always exactly one status marker; the exit code says the same.

Wait when the result is the next step. KV_WARM is no failure: the session is alive; run the printed cmd again in a fresh shell call. Never start the job again because a wait ended.

EXIT CODES
  0      finished with success, or alive at the cap (marker KV_WARM)
  1-255  finished with this code of its own, except for:
  124    dead: the supervisor is gone and recorded nothing
  125    csa could not answer (reason=); says nothing about the session
  129 130 143  the wait was ended by HUP, INT, TERM; the session goes on

THE CAP
  --cap, else CSA_WAIT_CAP, else the config, else 240s; lowered where the
  calling agent's shell tool would end the wait (Claude Code, opencode).
  In CI without an agent: until done.
  Durations: 90 (seconds), 1500ms, 90s, 5m, 1h30m, 2d.
  Use it instead of timeout(1), whose own exit code is 124, too.`;
  static override examples = [
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
  ];
  static override args = sessionArgs;
  static override flags = {
    ...lookupFlags,
    session: Flags.string({ description: 'the session id, as a flag', helpValue: 'ID' }),
    cap: Flags.string({
      description: 'answer at the latest after this time, 0 (one look) to 7d',
      helpValue: 'DURATION',
    }),
    timeout: Flags.string({ description: 'the same as --cap', helpValue: 'DURATION' }),
    'until-done': Flags.boolean({ description: 'wait without a cap' }),
    'alive-exit-code': Flags.string({
      description: 'exit code instead of 0 when alive at the cap (75 for CI)',
      helpValue: 'N',
    }),
    'trust-result': Flags.boolean({ description: 'take a result that a living foreign daemon may still rewrite' }),
    'model-provider': Flags.string({ description: "use this provider's cap from the config", helpValue: 'KEY' }),
    heartbeat: Flags.string({ description: 'a short line on stderr this often', helpValue: 'DURATION' }),
    ...jsonFlag,
    verbose: Flags.boolean({ description: 'say on stderr how the answer is found' }),
  };

  async run(): Promise<Report> {
    const interrupts = listenForInterrupts();
    const { args, flags } = await this.parse(SessionWait);
    const located = locate({ ...args, ...flags }, process.env);
    const settings = waitSettings(flags, process.env, located.project);
    // Found out while there is time: once the session has ended, every millisecond is the caller's.
    const hints = this.hints();
    const ended = await waitForSession(located, settings, interrupts);
    return report({
      ...ended,
      session: located.session.id,
      cap: settings.cap,
      aliveExitCode: settings.aliveExitCode,
      interruption: interrupts.cause,
      hints,
      target: located.target,
      waitFlags: flags.json ? [...settings.repeatFlags, '--json'] : settings.repeatFlags,
      isCi: settings.caller.isCi,
      json: flags.json,
      hasColour: terminalOf(process.stderr, process.env).hasColour,
      notes: [...settings.warnings, ...(flags.verbose ? verboseNotes(ended, located, settings) : [])],
    });
  }
}
