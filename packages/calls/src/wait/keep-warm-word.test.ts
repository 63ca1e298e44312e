import { reasonOf } from '@csa/testkit';
import { DRIVER_NAMES } from '@csa/warm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepWarmWord, refuseUnknownDriver, spellKeepWarm } from './keep-warm-word.ts';

const spell = (line: string): string => spellKeepWarm(line.split(' ')).join(' ');

describe('a bare --keep-warm', () => {
  it.each([
    ['--keep-warm', '--keep-warm=auto'],
    ['01M --keep-warm', '01M --keep-warm=auto'],
    ['--keep-warm 01M', '--keep-warm=auto 01M'],
    ['--keep-warm --cap 5m 01M', '--keep-warm=auto --cap 5m 01M'],
    ['--keep-warm=command 01M', '--keep-warm=command 01M'],
    ['--keep-warm= 01M', '--keep-warm= 01M'],
    ['01M -- --keep-warm', '01M -- --keep-warm'],
    ['--keep-warm -- command', '--keep-warm=auto -- command'],
  ])('%s is read as %s', (typed, read) => {
    expect(spell(typed)).toBe(read);
  });

  it.each(DRIVER_NAMES)('before the name of a driver says how to write it: %s', (driver) => {
    expect(() => spell(`01M --keep-warm ${driver}`)).toThrow(
      `expected --keep-warm=${driver}, or --keep-warm alone, got --keep-warm ${driver}`,
    );
  });
});

describe('the name of a driver', () => {
  it.each([undefined, 'auto', ...DRIVER_NAMES.filter((name) => name !== 'turn')])('is known: %s', (name) => {
    expect(() => refuseUnknownDriver(name)).not.toThrow();
  });

  it.each(['', 'turn', 'magic', 'Command'])('is refused, whatever else is there: %j', (name) => {
    expect(reasonOf(() => refuseUnknownDriver(name))).toBe('usage');
  });
});

it('no other word is touched, and what is printed is read back as the same', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('--', '--cap', '--keep-warm=x'));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(spellKeepWarm(words)).toEqual(words);
    }),
  );
  for (const driver of ['auto', ...DRIVER_NAMES]) {
    const [read = ''] = spellKeepWarm([keepWarmWord(driver)]);
    expect(read).toBe(`--keep-warm=${driver}`);
  }
});
