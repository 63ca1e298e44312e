import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateRoots } from '@csa/session';
import { temporaryWorld } from '@csa/testkit';
import { openWarmStore } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { mayBeWarmed } from './warmed-before.ts';

const CONVERSATION = '0c2f6f7e-8d0f-4b66-9f61-3f1a1f6f8f11';
const SESSION = '01M0F77JH0BVPHYFAVF40A3GZ5';

describe('a conversation', () => {
  it('was never warmed where nothing ever was, nor where others were', () => {
    const { env } = temporaryWorld();
    expect(mayBeWarmed(CONVERSATION, env)).toBe(false);
    mkdirSync(record(env, 'another').directory, { recursive: true });
    expect(mayBeWarmed(CONVERSATION, env)).toBe(false);
  });

  it.each([CONVERSATION, 'Upper-Case', `a${'b'.repeat(120)}`])('%s may be where the store keeps it', (id) => {
    const { env } = temporaryWorld();
    mkdirSync(record(env, id).directory, { recursive: true });
    expect(mayBeWarmed(id, env)).toBe(true);
  });

  it('may be where nobody can tell', () => {
    const { env, stateRoot } = temporaryWorld();
    mkdirSync(stateRoot, { recursive: true });
    writeFileSync(join(stateRoot, '.warm'), '');
    expect(mayBeWarmed(CONVERSATION, env)).toBe(true);
  });
});

describe('it is looked for where the sessions are', () => {
  const world = (): string => dirname(temporaryWorld().home);

  it.each<[string, (base: string) => NodeJS.ProcessEnv]>([
    ['the home directory', (base) => ({ HOME: base })],
    ['a state directory', (base) => ({ HOME: '/nowhere', XDG_STATE_HOME: join(base, 's') })],
    ['a state directory that is relative', (base) => ({ HOME: base, XDG_STATE_HOME: 's' })],
    ['an empty state directory', (base) => ({ HOME: base, XDG_STATE_HOME: '' })],
  ])('with %s', (_, envOf) => {
    const env = envOf(world());
    expect(mayBeWarmed(CONVERSATION, env)).toBe(false);
    mkdirSync(record(env, CONVERSATION).directory, { recursive: true });
    expect(mayBeWarmed(CONVERSATION, env)).toBe(true);
    expect(openWarmStore(env).directory).toBe(`${stateRoots(env).primary}/.warm`);
  });
});

function record(env: NodeJS.ProcessEnv, id: string) {
  return openWarmStore(env).record({ caller: { agent: 'claude-code', id }, session: SESSION });
}
