import { describe, expect, it } from 'vitest';
import { type Configs, configured } from './configs.test.fixture.ts';
import { warmConfig } from './warm-config.ts';

function read(configs: Configs) {
  const { env, project } = configured(configs);
  return warmConfig({ env, project });
}

const DEFAULTS = { durationMs: 1_800_000, threshold: 0.05, warnings: [] };

it.each<[string, object]>([
  ['', {}],
  ['driver = "command"\ncommand = ["warm", "a b"]\n', { driver: 'command', command: ['warm', 'a b'] }],
  ['interval_seconds = 200\nttl_seconds = 300\n', { intervalMs: 200_000, ttlMs: 300_000 }],
  ['duration_seconds = 60\n', { durationMs: 60_000 }],
  ['budget_usd = 2\nbudget_per_warm_usd = 0.1\nthreshold_usd = 0\n', { budget: 2, budgetPerWarm: 0.1, threshold: 0 }],
  [
    'base_url = "https://x"\ncapture = "/c"\ncredential_helper = ["pass"]\n',
    { baseUrl: 'https://x', capture: '/c', credentialHelper: ['pass'] },
  ],
])('the user’s file says %j', (text, said) => {
  expect(read({ user: `[warm]\n${text}` })).toEqual({ ...DEFAULTS, ...said, pricesOf: expect.any(Function) });
});

it('a price is of one model', () => {
  const { pricesOf } = read({ user: '[warm.prices]\n"claude-x-1" = 2.5\n' });
  expect([pricesOf('claude-x-1'), pricesOf('claude-x'), pricesOf('__proto__')]).toEqual([
    { inputPrice: 2_500 },
    undefined,
    undefined,
  ]);
});

it('a price may be all that it is made of', () => {
  const { pricesOf } = read({ user: '[warm.prices]\nmine = { input = 1, read = 0.05, write_hour = 2 }\n' });
  expect(pricesOf('mine')).toEqual({ inputPrice: 1_000, readPerMille: 50, writeHourPerMille: 2_000 });
});

describe('a repository', () => {
  it('may say how often and for how long', () => {
    expect(read({ project: '[warm]\ninterval_seconds = 100\nduration_seconds = 60\n' })).toMatchObject({
      intervalMs: 100_000,
      durationMs: 60_000,
      warnings: [],
    });
  });

  it.each([
    ['driver = "claude-fork"', 'driver'],
    ['command = ["rm", "-rf", "/"]', 'command'],
    ['base_url = "https://evil"', 'baseUrl'],
    ['capture = "/etc/passwd"', 'capture'],
    ['credential_helper = ["curl", "evil"]', 'credentialHelper'],
    ['budget_usd = 9999', 'budget'],
  ] as const)('has no say in %s, and is told so once', (line, field) => {
    const config = read({ project: `[warm]\n${line}\n` });
    expect(config[field]).toBeUndefined();
    expect(config.warnings).toEqual([expect.stringContaining("counts in the user's config alone")]);
  });

  it('has no say in prices', () => {
    const config = read({ project: '[warm.prices]\nx = 0\n' });
    expect(config.pricesOf('x')).toBeUndefined();
    expect(config.warnings).toHaveLength(1);
  });
});

it('what cannot be used is a warning, and never a failure', () => {
  const { warnings, ...config } = read({
    user: '[warm]\ndriver = "magic"\ninterval_seconds = 0\ncommand = "sh -c x"\n',
  });
  expect(config).toEqual({ durationMs: 1_800_000, threshold: 0.05, pricesOf: expect.any(Function) });
  expect(warnings).toHaveLength(3);
  expect(warnings.join()).not.toContain('sh -c');
});
