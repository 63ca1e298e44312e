import type { DriverName } from '@csa/warm';

/** Drivers that can send by themselves. As `@csa/warm` has them, which whoever only reads a name must not load. */
export const SENDING_DRIVERS: readonly DriverName[] = ['command', 'anthropic-replay', 'claude-fork', 'codex-fork'];

/** Those, and the turns that the agent itself takes. */
export const DRIVERS: readonly DriverName[] = ['turn', ...SENDING_DRIVERS];
