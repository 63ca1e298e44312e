import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseState, stateDocument } from './state-form.ts';
import { FULL, ON } from './states.test.data.ts';

function reparsed(document: object): unknown {
  return parseState(JSON.parse(JSON.stringify(document)));
}

describe('a state', () => {
  test.each([
    ['small', ON],
    ['full', FULL],
    ['off', { ...ON, power: { kind: 'off', at: 5, reason: 'budget_exhausted' } }],
    ['of claude-fork', { ...ON, settings: { ...ON.settings, driver: { name: 'claude-fork' } } }],
    ['of codex-fork', { ...ON, settings: { ...ON.settings, driver: { name: 'codex-fork' } } }],
  ] as const)('that is %s is read as it was written', (_, state) => {
    expect(reparsed(stateDocument(state))).toEqual(state);
  });

  test('may have more members than are known, which are left out', () => {
    expect(reparsed({ ...stateDocument(ON), more: 1 })).toEqual(ON);
  });

  const faults: readonly [string, (document: Record<string, unknown>) => unknown][] = [
    ['null', () => null],
    ['a list', () => []],
    ['of another schema', (state) => ({ ...state, schema: 'csa.warm-state/2' })],
    ['of a negative generation', (state) => ({ ...state, generation: -1 })],
    ['of half a generation', (state) => ({ ...state, generation: 1.5 })],
    ['of an unknown power', (state) => ({ ...state, power: { kind: 'half', since: 1, until: 2 } })],
    ['of an inherited power', (state) => ({ ...state, power: { kind: 'toString' } })],
    ['off for an unknown reason', (state) => ({ ...state, power: { kind: 'off', at: 1, reason: 'because' } })],
    ['of an unknown agent', (state) => ({ ...state, key: { caller: { agent: 'x', id: 'y' }, session: 'z' } })],
    ['with a number for a flag', (state) => ({ ...state, settings: { ...ON.settings, revive: 1 } })],
    ['with a shell line for a command', (state) => withDriver(state, { name: 'command', argv: 'rm', timeoutMs: 1 })],
    ['with a driver that sends nothing', (state) => withDriver(state, { name: 'turn' })],
    ['with a NUL in a word', (state) => withDriver(state, { name: 'command', argv: ['a\0b'], timeoutMs: 1 })],
    [
      'with too many words',
      (state) => withDriver(state, { name: 'command', argv: Array(9999).fill('x'), timeoutMs: 1 }),
    ],
    [
      'with a text that is far too long',
      (state) => ({ ...state, settings: { ...ON.settings, cwd: 'x'.repeat(5000) } }),
    ],
  ];

  test.each(faults)('that is %s is none', (_, spoil) => {
    expect(() => reparsed(spoil({ ...stateDocument(ON) }) as object)).toThrow(TypeError);
  });

  test('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => parseState(value)).toThrow();
      }),
    );
  });

  test('that lacks any one of its members is none, or stands without what may be absent', () => {
    const optional = new Set(['anchor']);
    for (const name of Object.keys(stateDocument(FULL))) {
      const { [name]: _, ...rest } = stateDocument(FULL) as unknown as Record<string, unknown>;
      if (optional.has(name)) expect(reparsed(rest)).not.toHaveProperty(name);
      else expect(() => reparsed(rest)).toThrow();
    }
  });
});

function withDriver(state: Record<string, unknown>, driver: object): Record<string, unknown> {
  return { ...state, settings: { ...ON.settings, driver } };
}
