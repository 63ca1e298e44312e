import { readFileSync } from 'node:fs';
import { CONFIG_KEYS, type ConfigKey } from '@csa/calls/config';
import { parseToml } from '@csa/session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { configSchema } from './config-schema.ts';

it('is published as it is generated: run scripts/write-config-schema.mjs after a change', () => {
  const published = readFileSync(new URL('../../schemas/config.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(configSchema())));
});

const faults = (text: string): string[] => faultsOf('config', JSON.parse(JSON.stringify(parseToml(text))));

describe('for an editor', () => {
  it.each([
    '',
    'schema_version = 1\n[tools.codex]\nenabled = true\n',
    '[kv_cache]\nlong_poll_seconds = 300\nfrequent_poll_seconds = 60\n[kv_cache.provider_ttls]\nopenai = 1700\n',
    '[wait]\nalive_exit_code = 75\n',
    '[hooks]\nsession_finished = "notify-send done"\nauto_setup_review_gate = true\n',
    '[hooks]\nsession_finished = ["a", "b"]\n',
  ])('%j is well', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it.each([
    '[wait]\nalive_exit_cod = 75\n',
    '[wait]\nalive_exit_code = 124\n',
    '[kv_cache]\nlong_poll_seconds = 0\n',
    '[kv_cache.provider_ttls]\nopenai = "x"\n',
    '[hooks]\nsession_finished = ""\n',
    'wait = 5\n',
  ])('%j is not', (text) => {
    expect(faults(text)).not.toEqual([]);
  });
});

/** A document in which the key has this value. */
function holding({ table, name, holds }: ConfigKey, value: unknown): object {
  return { [table]: { [name]: holds === 'map' ? { some: value } : value } };
}

it.each(CONFIG_KEYS.map((key) => [`${key.table}.${key.name}`, key] as const))(
  'says of every value of %s what the reader says',
  (_, key) => {
    const numbers = fc.oneof(
      fc.integer({ min: -2, max: 260 }),
      fc.integer({ min: 604_790, max: 604_810 }),
      fc.double(),
    );
    const texts = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('', ' ', '\0', 'a\0b', '\u00a0', '\n', 'x y'));
    const values = fc.oneof(numbers, texts, fc.boolean(), fc.array(fc.oneof(texts, numbers), { maxLength: 4 }));
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(typeof value !== 'number' || Number.isFinite(value));
        expect(faultsOf('config', holding(key, value)).length === 0).toBe(key.form.read(value) !== undefined);
      }),
      { numRuns: 60 },
    );
  },
);
