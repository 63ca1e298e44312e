import { homedir, userInfo } from 'node:os';

/** What oclif asks of the account while it loads, and what it may take where the system does not know the account. */
const STAND_INS: ReadonlyArray<readonly [variable: string, ask: () => unknown, value: string]> = [
  ['HOME', homedir, ''],
  ['SHELL', userInfo, '/bin/sh'],
];

const stoodIn: string[] = [];

/** Containers run commands under a uid without an account: oclif would fail there before the command begins. */
export function standInForAccount(): void {
  for (const [variable, ask, value] of STAND_INS) {
    if (process.env[variable] !== undefined) continue;
    try {
      ask();
    } catch {
      process.env[variable] = value;
      stoodIn.push(variable);
    }
  }
}

/** The command sees the environment as it was, and hands it on as it was. */
export function endStandIns(): void {
  for (const variable of stoodIn.splice(0)) delete process.env[variable];
}
