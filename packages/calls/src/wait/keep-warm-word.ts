import { Refusal } from '@csa/session';
import { DRIVERS, SENDING_DRIVERS } from '../warm/driver-names.ts';

const FLAG = '--keep-warm';
/** What a bare `--keep-warm` means: the driver of the config, or that of the agent that calls. */
export const ANY_DRIVER = 'auto';

/**
 * Spells a bare `--keep-warm` as oclif can read it, which knows no flag with an optional value and would swallow the
 * id behind it.
 * @throws Refusal reason=usage where the value stands behind a space
 */
export function spellKeepWarm(argv: readonly string[]): string[] {
  const separator = argv.indexOf('--');
  const end = separator === -1 ? argv.length : separator;
  return argv.map((word, i) => {
    if (word !== FLAG || i >= end) return word;
    const driver = DRIVERS.find((name) => name === argv[i + 1]);
    if (driver !== undefined && i + 1 < end) throw apart(driver);
    return `${FLAG}=${ANY_DRIVER}`;
  });
}

/**
 * Whether what is behind the equals sign can be had is the warmer's to say, and no reason not to wait; a name that is
 * none is a slip of whoever typed it.
 * @throws Refusal reason=usage
 */
export function refuseUnknownDriver(name: string | undefined): void {
  if (name === undefined || name === ANY_DRIVER || SENDING_DRIVERS.some((known) => known === name)) return;
  throw new Refusal({
    reason: 'usage',
    what: name === 'turn' ? 'a wait cannot take turns' : 'no driver has this name',
    expected: `${FLAG} alone, or ${FLAG}= and one of ${SENDING_DRIVERS.join(', ')}`,
    got: `${FLAG}=${name.slice(0, 40)}`,
    next: name === 'turn' ? 'Run csa session warm ID again and again instead' : 'Name one of them',
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
