import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { builtCsa, runCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { startGated, startJob } from './job.ts';
import { run } from './program.ts';

const installed = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Those that this machine has; bash is always there, as the tests' own entry is a bash script. */
const SHELLS = ['bash', 'zsh', 'fish'].filter(installed);

/** A `csa` on the PATH, so that the scripts can be loaded as a user loads them. */
function withCsa(world: World): { PATH: string } {
  const bin = join(world.project, '../bin');
  mkdirSync(bin);
  const line = `exec "${testNode()}" "${builtCsa}" "$@"`;
  writeFileSync(join(bin, 'csa'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return { PATH: `${bin}${delimiter}${process.env['PATH']}` };
}

async function offeredBy(world: World, words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCsa(['completion', '--words', '--', ...words], { world });
  expect([code, stderr]).toEqual([0, '']);
  return stdout.trimEnd().split('\n');
}

describe('the words at the cursor', () => {
  it('are the sessions that live, with their descriptions, newest first', async () => {
    const world = temporaryWorld();
    const ended = await startJob(['true'], { world });
    const id = await startGated(world);
    expect(await offeredBy(world, ['session', 'wait', ''])).toEqual([
      'words',
      expect.stringMatching(`^${id}\talive, `),
    ]);
    const [, first, second] = await offeredBy(world, ['session', 'logs', '0']);
    expect([first?.split('\t')[0], second?.split('\t')[0]]).toEqual([id, ended]);
    expect(await offeredBy(world, ['session', 'logs', ended.toLowerCase()])).toHaveLength(2);
  });

  it('are nothing where nothing can be read, and no error', async () => {
    const world = temporaryWorld();
    expect(await offeredBy(world, ['session', 'wait', '--cd', '/nowhere', ''])).toEqual(['words']);
    expect(await offeredBy(world, ['session', 'wait', '../..'])).toEqual(['words']);
  });

  it('include every command and its flags', async () => {
    const world = temporaryWorld();
    const offered = await offeredBy(world, ['session', '']);
    for (const command of ['start', 'wait', 'list'])
      expect(offered.join('\n')).toMatch(new RegExp(`^${command}\t`, 'm'));
    expect(await offeredBy(world, ['session', 'list', '--state', 'al'])).toEqual(['words', 'alive']);
    expect(await offeredBy(world, ['session', 'stop', '--signal', 'K'])).toEqual(['words', 'KILL']);
    expect(await offeredBy(world, ['session', 'wait', '--until'])).toEqual([
      'words',
      expect.stringMatching('^--until-done\t'),
    ]);
  });
});

describe.each(SHELLS)('the script for %s', (name) => {
  const ASK: Readonly<Record<string, (line: string[]) => string>> = {
    bash: (line) =>
      `source <(csa completion bash); COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); ` +
      `COMP_CWORD=${line.length - 1}; COMP_TYPE=9; _csa_complete; printf '%s\\n' "\${COMPREPLY[@]}"`,
    // zsh tells its candidates only to its line editor: what the script asks the program for is shown instead.
    zsh: (line) =>
      `compdef() { :; }; _describe() { print -l -- "\${described[@]}"; }; source <(csa completion zsh); ` +
      `words=(${line.map((word) => `'${word}'`).join(' ')}); CURRENT=${line.length}; _csa`,
    fish: (line) => `csa completion fish | source; complete -C '${line.join(' ')}'`,
  };

  it('offers the words that fit', async () => {
    const world = temporaryWorld();
    const env = withCsa(world);
    const id = await startGated(world);
    const ask = async (line: string[]): Promise<string> => {
      const { stdout, stderr } = await run([name, '-c', ASK[name]?.(line) ?? ''], { world, env });
      expect(stderr).toBe('');
      return stdout;
    };
    expect(await ask(['csa', 'session', 'wai'])).toMatch(/^wait\b/);
    expect(await ask(['csa', 'session', 'wait', ''])).toContain(id);
  });
});

it.each([
  [[], 'missing-shell', 'bash, zsh, fish'],
  [['tcsh'], 'usage', 'bash, zsh, fish'],
])('of %j there is no script', async (args, reason, expected) => {
  const { code, stdout, stderr } = await runCsa(['completion', ...args], { world: temporaryWorld() });
  expect([code, stdout]).toEqual([125, '']);
  expect(stderr).toContain(`reason=${reason}`);
  expect(stderr).toContain(expected);
});
