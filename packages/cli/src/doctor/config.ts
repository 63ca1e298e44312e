import type { EffectiveConfig } from '../config/effective.ts';
import { foreignNames } from '../config/show-config.ts';
import { type Finding, findingsOf } from './finding.ts';

const { ok, note, warning } = findingsOf('config');

/** `show`: the command that shows all of it. */
export function judgeConfig({ files, warnings, foreign }: EffectiveConfig, show: string): Finding[] {
  const look = { say: 'Correct it; this shows what is in force', run: show };
  return [
    ...files.map((file) => {
      const place = 'path' in file ? file.path : file.why;
      const words = { read: 'read', absent: 'not there', unusable: 'cannot be used', nowhere: 'not looked for' };
      const said = `${file.scope} config ${words[file.state]}: ${place}`;
      return file.state === 'unusable' || file.state === 'nowhere' ? note(said) : ok(said);
    }),
    ...warnings.map((text) => warning(text, look)),
    ...foreign.map(({ path, keys }) => note(`${path}: not known to this program: ${foreignNames(keys)}`)),
  ];
}
