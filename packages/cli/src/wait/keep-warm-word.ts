import { Refusal } from '@csa/session';
import type { DriverName } from '@csa/warm';

const FLAG = '--keep-warm';
/** What a bare `--keep-warm` means: the driver of the config, or that of the agent that calls. */
export const ANY_DRIVER = 'auto';
/** As `@csa/warm` has them, which a wait that keeps nothing warm must not load. */
const DRIVERS: readonly DriverName[] = ['turn', 'command', 'anthropic-replay', 'claude-fork', 'codex-fork'];

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
