import { expect, it } from 'vitest';
import { refuseMisspelt } from './turn-word.ts';

it.each([
  ['stauts', 'status'],
  ['offf', 'off'],
  ['repo', 'report'],
  ['hok', 'hook'],
  ['on', 'on'],
])('%s was meant as a command: %s', (word, meant) => {
  expect(() => refuseMisspelt(word)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(`Did you mean csa session warm ${meant}?`) }),
  );
});

it.each([undefined, '01M0F77JH0BVPHYFAVF40A3GZ5', '01m0', 'ab', 'x', 'i', '../../etc', 'something else', ''])(
  '%s is left to whoever looks for a session',
  (word) => {
    expect(() => refuseMisspelt(word)).not.toThrow();
  },
);
