import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WarmConfig } from '@csa/calls/config';
import { Refusal } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import type { WarmCaller } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { chooseDriver, type DriverWishes } from './choose-driver.ts';

const CLAUDE: WarmCaller = { agent: 'claude-code', id: 'c' };
const NOBODY: WarmCaller = { agent: 'other', id: 'x' };
const URL_HERE = { 'base-url': 'http://127.0.0.1:1' };

interface Given {
  readonly caller?: WarmCaller;
  readonly config?: Partial<WarmConfig>;
  readonly env?: NodeJS.ProcessEnv;
  /** Programs on the PATH. */
  readonly programs?: readonly string[];
}

function choose(wishes: DriverWishes, { caller = NOBODY, config = {}, env = {}, programs = [] }: Given = {}) {
  const bin = temporaryDirectory();
  for (const program of programs) {
    writeFileSync(join(bin, program), '#!/bin/sh\n');
    chmodSync(join(bin, program), 0o755);
  }
  const whole = { pricesOf: () => undefined, warnings: [], ...config };
  return chooseDriver(wishes, { caller, config: whole, env: { PATH: bin, ...env } });
}

const COMMAND = { name: 'command', argv: ['/bin/sh', 'a b'], timeoutMs: 60_000 };
const REPLAY = {
  name: 'anthropic-replay',
  capture: '/c',
  baseUrl: 'http://127.0.0.1:1',
  credential: { kind: 'environment', variable: 'ANTHROPIC_API_KEY' },
};

describe('the driver', () => {
  it.each<[string, DriverWishes, Given, object]>([
    ['words after --', { argv: ['/bin/sh', 'a b'] }, {}, COMMAND],
    ['the same by name', { name: 'command', argv: ['/bin/sh', 'a b'] }, {}, COMMAND],
    ['the config’s command', {}, { config: { driver: 'command', command: ['/bin/sh', 'a b'] } }, COMMAND],
    ['words before the config’s', { argv: ['/bin/sh', 'a b'] }, { config: { command: ['/other'] } }, COMMAND],
    ['a program on the PATH', { argv: ['warm'] }, { programs: ['warm'] }, { name: 'command', argv: ['warm'] }],
    ['a capture', { capture: '/c', ...URL_HERE }, { env: { ANTHROPIC_API_KEY: 'k' } }, REPLAY],
    [
      'the config’s capture',
      { name: 'anthropic-replay' },
      { config: { capture: '/c', baseUrl: 'http://127.0.0.1:1' }, env: { ANTHROPIC_API_KEY: 'k' } },
      REPLAY,
    ],
    [
      'a helper before what the environment holds',
      { capture: '/c', ...URL_HERE, 'credential-helper': ['pass', 'x'] },
      { env: { ANTHROPIC_API_KEY: 'k' } },
      { ...REPLAY, credential: { kind: 'helper', argv: ['pass', 'x'] } },
    ],
    ['the agent’s own program', {}, { caller: CLAUDE, programs: ['claude'] }, { name: 'claude-fork' }],
    [
      'the config before the preset',
      {},
      { caller: CLAUDE, programs: ['claude'], config: { driver: 'command', command: ['/bin/sh', 'a b'] } },
      COMMAND,
    ],
    [
      'another agent’s by name',
      { name: 'codex-fork' },
      { caller: CLAUDE, programs: ['codex'] },
      { name: 'codex-fork' },
    ],
  ])('is %s', (_title, wishes, given, choice) => {
    expect(choose(wishes, given)).toMatchObject(choice);
  });

  it.each<[string, DriverWishes, Given, string]>([
    ['nothing is named', {}, {}, 'driver_unavailable'],
    ['an agent whose program is missing', {}, { caller: CLAUDE }, 'driver_unavailable'],
    ['an agent without a preset', {}, { caller: NOBODY, programs: ['claude'] }, 'driver_unavailable'],
    ['turn by name', { name: 'turn' }, {}, 'driver_unavailable'],
    [
      'turn by the config',
      {},
      { caller: CLAUDE, programs: ['claude'], config: { driver: 'turn' } },
      'driver_unavailable',
    ],
    ['a command without a program', { name: 'command' }, {}, 'driver_unavailable'],
    ['a program that is not there', { argv: ['warm'] }, {}, 'driver_unavailable'],
    ['a path at which no program is', { argv: ['/nonexistent/warm'] }, {}, 'driver_unavailable'],
    ['a directory', { argv: ['/bin/'] }, {}, 'driver_unavailable'],
    ['a file that is no program', { argv: ['/etc/passwd'] }, {}, 'driver_unavailable'],
    [
      'a program of the config’s that is not there',
      {},
      { config: { driver: 'command', command: ['/no/warm'] } },
      'driver_unavailable',
    ],
    ['a fork without its program', { name: 'claude-fork' }, {}, 'driver_unavailable'],
    [
      'no capture',
      { name: 'anthropic-replay', ...URL_HERE },
      { env: { ANTHROPIC_API_KEY: 'k' } },
      'driver_unavailable',
    ],
    ['no address', { capture: '/c' }, { env: { ANTHROPIC_API_KEY: 'k' } }, 'driver_unavailable'],
    ['no credential', { capture: '/c', ...URL_HERE }, {}, 'driver_unavailable'],
    ['an address that is none', { capture: '/c', 'base-url': 'x' }, { env: { ANTHROPIC_API_KEY: 'k' } }, 'bad-url'],
    ['another scheme', { capture: '/c', 'base-url': 'ftp://x' }, { env: { ANTHROPIC_API_KEY: 'k' } }, 'bad-url'],
    ['a name that is none', { name: 'magic' }, {}, 'usage'],
    ['a command beside another driver', { name: 'claude-fork', argv: ['x'] }, { programs: ['claude'] }, 'usage'],
  ])('is refused: %s', (_title, wishes, given, reason) => {
    expect(() => choose(wishes, given)).toThrow(expect.objectContaining({ reason }));
  });

  it('never shows the password of an address', () => {
    const wishes = { capture: '/c', 'base-url': 'https://user:SECRET@host' };
    try {
      choose(wishes, { env: { ANTHROPIC_API_KEY: 'k' } });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect(String(error)).not.toContain('SECRET');
    }
  });
});
