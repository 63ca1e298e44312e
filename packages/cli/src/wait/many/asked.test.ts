import { reasonOf, refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { ID, OTHER } from '../wait-story.test.fixture.ts';
import { type AskedFlags, askedSessions, refuseSwitchValues } from './asked.ts';

const NONE: AskedFlags = { all: false, any: false };

describe('one session is asked for', () => {
  it.each<[string, string[], Partial<AskedFlags>]>([
    ['by nothing, which is refused later', [], {}],
    ['by an id', [ID], {}],
    ['by --session', [], { session: ID }],
    ['by both', [ID], { session: ID }],
    ['by --dir', [], { dir: ['/s'] }],
    ['by --dir and its id', [ID], { dir: ['/s'] }],
  ])('%s', (_, ids, flags) => {
    const wish = { id: ids[0], session: flags.session, cd: undefined, dir: flags.dir?.[0] };
    expect(askedSessions(ids, { ...NONE, ...flags })).toEqual({ form: 'one', wish });
  });
});

describe('several are asked for', () => {
  it('by several ids, in their order, also by the same twice', () => {
    const asked = askedSessions([OTHER, ID, ID], { ...NONE, cd: '/p' });
    expect(asked).toEqual({ form: 'several', wishes: [OTHER, ID, ID].map((id) => ({ id, cd: '/p' })) });
  });

  it('by --dir again and again', () => {
    expect(askedSessions([], { ...NONE, dir: ['/a', '/b'] })).toMatchObject({
      form: 'several',
      wishes: [{ dir: '/a' }, { dir: '/b' }],
    });
  });

  it.each([{ all: true }, { any: true }, { count: '1' }])('by one id and %j', (flags) => {
    expect(askedSessions([ID], { ...NONE, ...flags })).toMatchObject({ form: 'several', wishes: [{ id: ID }] });
  });
});

it('labels ask for those that have them, in any number', () => {
  expect(askedSessions([], { ...NONE, label: ['a=1', 'b=2'], cd: '/p', any: true })).toEqual({
    form: 'labelled',
    labels: ['a=1', 'b=2'],
    cd: '/p',
  });
});

it.each([{ all: true }, { any: true }, { count: '1' }])('%j alone is no name of a session', (flags) => {
  const refusal = refusalOf(() => askedSessions([], { ...NONE, ...flags }));
  expect(refusal.reason).toBe('missing-id');
  expect(refusal.message).toContain('say how to wait for the sessions that are named');
  expect(refusal.detail.command).toEqual(['session', 'list', '--state', 'alive']);
});

it.each<[string[], Partial<AskedFlags>]>([
  [[ID], { label: ['a=1'] }],
  [[], { label: ['a=1'], session: ID }],
  [[], { label: ['a=1'], dir: ['/a'] }],
  [[ID, OTHER], { dir: ['/a'] }],
  [[ID], { dir: ['/a', '/b'] }],
  [[ID, OTHER], { session: ID }],
  [[], { session: ID, dir: ['/a', '/b'] }],
])('%j beside %j is refused', (ids, flags) => {
  expect(reasonOf(() => askedSessions(ids, { ...NONE, ...flags }))).toBe('usage');
});

describe('a flag without a value', () => {
  const flags = { any: { type: 'boolean' }, json: { type: 'boolean' }, count: { type: 'option' } } as const;
  const refuse = (...argv: string[]) => refuseSwitchValues(argv, flags);

  it.each([[['--any=yes']], [[ID, '--json=0']], [[ID, '--any=', '--', 'x']]])('is refused one: %j', (argv) => {
    expect(reasonOf(() => refuse(...argv))).toBe('usage');
  });

  it.each([[[]], [['--any', ID]], [['--count=1']], [['--anything=1']], [['--', '--any=1']]])('has none: %j', (argv) => {
    expect(() => refuse(...argv)).not.toThrow();
  });
});
