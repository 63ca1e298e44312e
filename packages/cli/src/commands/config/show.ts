import { projectOf, Refusal } from '@csa/session';
import * as Flags from '@oclif/core/flags';
import { effectiveConfig } from '../../config/effective.ts';
import { configDocument, configLines } from '../../config/show-config.ts';
import { CsaCommand, jsonFlag } from '../../csa-command.ts';
import { answer, type Report } from '../../report.ts';
import { capHere } from '../../wait/describe-cap.ts';

export default class ConfigShow extends CsaCommand {
  static override summary = 'Show every setting, its value and where it comes from.';
  static override description =
    `Strongest first: a flag, an environment variable, the project's .csa/config.toml, the user's config.toml, the default. A value that cannot be used is shown with its trouble, beside the value in force. The files are shared with the older program: keys that are not known here are listed, not refused.

Commands of hooks may hold secrets: without --reveal only their first word is shown.

EXIT CODES
  0    shown, also where a file or a value cannot be used
  125  csa could not answer: --cd names no directory

EDITORS
  schemas/config.schema.json in the package is the JSON Schema of config.toml.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --origin',
    '<%= config.bin %> <%= command.id %> --cd ../api --json',
  ];
  static override flags = {
    origin: Flags.boolean({ description: 'where each value comes from, and what it goes before' }),
    cd: Flags.string({ description: 'project directory (default: the current one)', helpValue: 'DIR' }),
    reveal: Flags.boolean({ description: 'show the commands of hooks whole' }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(ConfigShow);
    const project = projectIfAny(flags.cd);
    const config = effectiveConfig({ env: process.env, project });
    const form = { origin: flags.origin, reveal: flags.reveal, cap: capHere(process.env, project ?? '/') };
    return answer(flags.json ? [JSON.stringify(configDocument(config, form))] : configLines(config, form));
  }
}

/** Without a current directory there is still the user's config to show. @throws Refusal for a bad `--cd` */
function projectIfAny(cd: string | undefined): string | undefined {
  try {
    return projectOf(cd ?? '.');
  } catch (error) {
    if (cd === undefined && error instanceof Refusal) return undefined;
    throw error;
  }
}
