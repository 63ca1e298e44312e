import { WANTED_STATES } from '@csa/calls/list';
import { ENDING_SIGNALS } from '@csa/calls/stop';
import { SENDING_DRIVERS } from '@csa/calls/warm';
import type { Command } from '@oclif/core/command';
import type { KnownCommand, KnownFlag } from './candidates.ts';

/** The program's commands as their definitions describe them; hidden ones and hidden flags are left out. */
export function knownCommands(commands: readonly Command.Loadable[]): KnownCommand[] {
  const known = commands.filter((command) => !command.hidden).map(knownCommand);
  return known.sort((a, b) => (a.words.join(' ') < b.words.join(' ') ? -1 : 1));
}

function knownCommand({ id, summary, flags, args }: Command.Loadable): KnownCommand {
  const [first] = Object.values(args);
  return {
    words: id.split(':'),
    about: summary ?? '',
    flags: Object.values(flags)
      .filter((flag) => !flag.hidden)
      .map((flag) => ({ ...knownFlag(flag), ...valuesOf(id, flag.name) })),
    options: first?.hidden ? undefined : first?.options,
  };
}

/** What a flag takes beside other forms of it, so that its definition names no options. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'session:list --state': WANTED_STATES,
  'session:stop --signal': ENDING_SIGNALS,
  'session:warm:on --driver': SENDING_DRIVERS,
};

function valuesOf(id: string, flag: string): Pick<KnownFlag, 'options'> {
  const options = VALUES[`${id} --${flag}`];
  return options === undefined ? {} : { options };
}

function knownFlag(flag: Command.Flag.Cached): KnownFlag {
  const about = flag.summary ?? flag.description ?? '';
  if (flag.type === 'boolean') return { name: flag.name, about, takesValue: false };
  const { helpValue } = flag;
  return {
    name: flag.name,
    about,
    takesValue: true,
    options: flag.options,
    valueName: Array.isArray(helpValue) ? helpValue[0] : helpValue,
  };
}
