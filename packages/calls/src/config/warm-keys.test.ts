import { DRIVER_NAMES } from '@csa/warm';
import { expect, it } from 'vitest';
import { WARM_DRIVER, WARM_KEYS } from './warm-keys.ts';

it('knows every driver', () => {
  expect(WARM_DRIVER.form.schema).toEqual({ enum: DRIVER_NAMES });
});

it.each([
  'driver',
  'command',
  'base_url',
  'capture',
  'credential_helper',
  'budget_usd',
  'budget_per_warm_usd',
  'prices',
])('a repository has no say in %s', (name) => {
  expect(WARM_KEYS.find((key) => key.name === name)?.files).toBe('user');
});

it.each(['command', 'credential_helper'])('%s may hold a secret, and is shown by first words', (name) => {
  expect(WARM_KEYS.find((key) => key.name === name)?.shown).toBe('as commands');
});
