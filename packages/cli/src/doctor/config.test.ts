import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { userConfigPath } from '@csa/session';
import { temporaryWorld, type World } from '@csa/testkit';
import { expect, it } from 'vitest';
import { effectiveConfig } from '../config/effective.ts';
import { judgeConfig } from './config.ts';

function configured(user: string | undefined): World {
  const world = temporaryWorld();
  const path = userConfigPath(world.env);
  mkdirSync(dirname(path), { recursive: true });
  if (user !== undefined) writeFileSync(path, user);
  return world;
}

function told(user: string | undefined): string[] {
  const { env, project } = configured(user);
  return judgeConfig(effectiveConfig({ env, project }), 'csa config show').map(
    ({ level, finding }) => `${level}: ${finding}`,
  );
}

const ABSENT = 'ok: project config not there';

it.each<[string | undefined, readonly string[]]>([
  [undefined, [ABSENT, 'ok: user config not there']],
  ['[wait]\nalive_exit_code = 75\n', [ABSENT, 'ok: user config read']],
  ['[wait]\nalive_exit_code = 124\n', [ABSENT, 'ok: user config read', 'warning: ']],
  ['[waits]\n', [ABSENT, 'ok: user config read', 'did you mean [wait]?']],
  ['[tools.codex]\n', [ABSENT, 'ok: user config read', 'note: ']],
  ['broken', [ABSENT, 'note: user config cannot be used', 'warning: ']],
])('%j: %j', (user, expected) => {
  expect(told(user)).toEqual(expected.map((text) => expect.stringContaining(text)));
});

it('every warning names the command that shows what is in force', () => {
  const { env, project } = configured('[waits]\n[wait]\nx = 1\n');
  const findings = judgeConfig(effectiveConfig({ env, project }), 'csa config show --origin');
  const warnings = findings.filter(({ level }) => level === 'warning');
  expect(warnings.map(({ command }) => command)).toEqual(['csa config show --origin', 'csa config show --origin']);
});
