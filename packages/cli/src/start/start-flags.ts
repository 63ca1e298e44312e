import * as Flags from '@oclif/core/flags';
import { jsonFlag } from '../csa-command.ts';

const repeatable = { multiple: true, multipleNonGreedy: true } as const;

/** What the command is and how it is to run. */
const commandFlags = {
  cd: Flags.string({ description: 'project directory to run in (default: the current one)', helpValue: 'DIR' }),
  description: Flags.string({ description: 'what this is, for people', helpValue: 'TEXT', default: '' }),
  tool: Flags.string({ description: "name in lists (default: the command's)", helpValue: 'NAME' }),
  label: Flags.string({ description: 'a mark to find it by; repeatable', helpValue: 'KEY=VALUE', ...repeatable }),
  stdin: Flags.string({ description: "what the command reads; - is this program's own stdin", helpValue: 'FILE|-' }),
  env: Flags.string({
    description: 'set a variable for the command, or pass it on by its name; repeatable',
    helpValue: 'NAME[=VALUE]',
    ...repeatable,
  }),
  'clear-env': Flags.boolean({ description: 'give the command nothing of this environment but PATH' }),
  'keep-agent-env': Flags.boolean({
    description: "leave the calling agent's marks in the command's environment",
    exclusive: ['clear-env'],
  }),
  'on-exit': Flags.string({
    description: 'run this with sh once the session has finished, the verdict as JSON on its stdin; repeatable',
    helpValue: 'COMMAND',
    ...repeatable,
  }),
  'max-time': Flags.string({
    description: 'end the command after this time (TERM, 10 s later KILL)',
    helpValue: 'DURATION',
  }),
  'idle-timeout': Flags.string({
    description: 'end it after so long without output and CPU time, 1s to 20d',
    helpValue: 'DURATION',
  }),
};

/** Those of `session wait` that make sense for a session that has just begun. */
const waitFlags = {
  wait: Flags.boolean({ description: 'wait for it, and end as session wait does' }),
  cap: Flags.string({ description: 'with --wait: answer at the latest after this time', helpValue: 'DURATION' }),
  timeout: Flags.string({ description: 'the same as --cap', helpValue: 'DURATION' }),
  'until-done': Flags.boolean({ description: 'with --wait: without a cap' }),
  'alive-exit-code': Flags.string({
    description: 'with --wait: exit code instead of 0 when alive at the cap (75 for CI)',
    helpValue: 'N',
  }),
  'model-provider': Flags.string({
    description: "with --wait: use this provider's cap from the config",
    helpValue: 'KEY',
  }),
  heartbeat: Flags.string({ description: 'with --wait: a short line on stderr this often', helpValue: 'DURATION' }),
  verbose: Flags.boolean({ description: 'with --wait: say on stderr how the answer is found' }),
};

export const startFlags = { ...commandFlags, ...waitFlags, ...jsonFlag };
