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
      .map(knownFlag),
    options: first?.hidden ? undefined : first?.options,
  };
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
