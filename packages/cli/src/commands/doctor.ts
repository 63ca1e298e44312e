import { CsaCommand, jsonFlag } from '../csa-command.ts';
import { doctorReport } from '../doctor/doctor-report.ts';
import { examine } from '../doctor/examine.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { ownWords } from '../program.ts';
import type { Report } from '../report.ts';
import { terminalOf } from '../terminal.ts';

export default class Doctor extends CsaCommand {
  static override summary = 'Look at everything that csa stands on, and say what to do where it does not hold.';
  static override description =
    `Node and the search path, the state root and its file system, file events, the config, the agent's shell with the cap that follows, and what sessions have left behind. What a session needs of the file system is tried out in a directory that is removed again; nothing else is changed.

Marks: ok; -- worth knowing; !! works, not as well as it could; xx does not work. Below each stands what to do.

EXIT CODES
  0    no problem (xx); there may be warnings
  1    problems were found
  125  csa could not answer
  129 130 143  ended by HUP, INT, TERM`;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { ...jsonFlag };

  async run(): Promise<Report> {
    const interrupts = listenForInterrupts();
    const { flags } = await this.parse(Doctor);
    const findings = await examine({
      version: this.config.version,
      programWords: ownWords(process.env),
      hints: this.hints(),
      env: process.env,
      abort: interrupts.signal,
    });
    const { hasColour } = terminalOf(process.stdout, process.env);
    return doctorReport(findings, { json: flags.json, hasColour, interruption: interrupts.cause });
  }
}
