import { Refusal } from '@csa/session';

const FLAG = '--keep-warm';
/** What a bare `--keep-warm` means: the driver of the config, or that of the agent that calls. */
export const ANY_DRIVER = 'auto';

/**
 * Spells a bare `--keep-warm` as oclif can read it, which knows no flag with an optional value and would swallow the
 * id behind it.
 * @param drivers words that are meant as the flag's value and never as an id
 * @throws Refusal reason=usage where the value stands behind a space
 */
export function spellKeepWarm(argv: readonly string[], drivers: readonly string[]): string[] {
  const separator = argv.indexOf('--');
  const end = separator === -1 ? argv.length : separator;
  return argv.map((word, i) => {
    if (word !== FLAG || i >= end) return word;
    const next = argv[i + 1];
    if (i + 1 < end && next !== undefined && drivers.includes(next)) throw apart(next);
    return `${FLAG}=${ANY_DRIVER}`;
  });
}

/** As it is typed again. */
export function keepWarmWord(driver: string): string {
  return driver === ANY_DRIVER ? FLAG : `${FLAG}=${driver}`;
}

function apart(driver: string): Refusal {
  return new Refusal({
    reason: 'usage',
    what: `${FLAG} takes its driver behind an equals sign`,
    expected: `${FLAG}=${driver}, or ${FLAG} alone`,
    got: `${FLAG} ${driver}`,
    next: 'Join the two',
  });
}
