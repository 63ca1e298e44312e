import type { WarmKey } from './warm-key.ts';
import type { WarmSettings, WarmState } from './warm-state.ts';

export const KEY: WarmKey = { caller: { agent: 'claude-code', id: 'c0ffee' }, session: '01M000000000000000000000AB' };

export const SETTINGS: WarmSettings = {
  sessionDirectory: '/nowhere',
  cwd: '/',
  driver: { name: 'command', argv: ['true'], timeoutMs: 60_000 },
  durationGiven: true,
  ttl: { ms: 300_000, source: 'flag' },
  threshold: 0,
  revive: false,
};

export const ON: WarmState = {
  generation: 3,
  key: KEY,
  power: { kind: 'on', since: 100, until: 5_000 },
  caller: 'idle',
  anchor: 200,
  settings: SETTINGS,
};

/** With all that may be absent. */
export const FULL: WarmState = {
  ...ON,
  caller: 'active',
  settings: {
    ...SETTINGS,
    driver: {
      name: 'anthropic-replay',
      capture: '/c',
      baseUrl: 'https://example.invalid',
      credential: { kind: 'helper', argv: ['pass', 'show', 'key'] },
    },
    intervalMs: 240_000,
    model: 'some-model',
    prices: { inputPrice: 3_000, readPerMille: 25 },
    budget: 1_000_000,
    budgetPerWarm: 10_000,
    maxWarms: 7,
  },
};
