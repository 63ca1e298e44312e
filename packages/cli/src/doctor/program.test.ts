import { describe, expect, it } from 'vitest';
import { judgeProgram, type ProgramFacts } from './program.ts';

const WELL: ProgramFacts = {
  version: '1.2.3',
  node: '24.1.0',
  execPath: '/opt/node',
  platform: 'linux x64',
  words: ['csa'],
  foundCsa: '/usr/bin/csa',
  foundNode: '/opt/node',
  nodeOptions: undefined,
  extraCertificates: undefined,
};

const levels = (facts: Partial<ProgramFacts>): string[] =>
  judgeProgram({ ...WELL, ...facts }).map(({ level }) => level);

it('is well where a fresh shell finds this very program', () => {
  expect(levels({})).toEqual(['ok', 'ok', 'ok']);
});

it.each([
  ['22.22.0', 'ok'],
  ['24.99.1', 'ok'],
  ['25.0.0', 'note'],
  ['30.1.0', 'note'],
])('Node %s is %s', (node, level) => {
  expect(levels({ node })[1]).toBe(level);
});

describe('where a fresh shell does not find it', () => {
  const words = ['/opt/node', '/opt/csa.js'];

  it('no csa at all is worth knowing', () => {
    expect(judgeProgram({ ...WELL, words, foundCsa: undefined }).at(2)).toMatchObject({ level: 'note' });
  });

  it.each([
    ['/usr/bin/csa', '/opt/node'],
    ['/opt/csa', '/usr/bin/node'],
    ['/usr/bin/csa', undefined],
  ])('another one is a warning that names what is found: %s, %s', (foundCsa, foundNode) => {
    const finding = judgeProgram({ ...WELL, words, foundCsa, foundNode }).at(2);
    expect(finding).toMatchObject({ level: 'warning', remedy: expect.stringContaining('PATH') });
    expect(finding?.finding).toContain(foundCsa);
    expect(finding?.finding).toContain(foundNode ?? 'no node');
  });
});

it.each([{ nodeOptions: '--require x' }, { extraCertificates: '/x.pem' }])('%o makes a note', (facts) => {
  expect(levels(facts)).toEqual(['ok', 'ok', 'ok', 'note']);
  expect(JSON.stringify(judgeProgram({ ...WELL, ...facts }))).not.toContain('--require');
});

it('settings that are empty say nothing', () => {
  expect(levels({ nodeOptions: '', extraCertificates: '' })).toEqual(['ok', 'ok', 'ok']);
});
