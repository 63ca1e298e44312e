import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { outputsIn, ROOT } from './action-runner.ts';
import { run } from './program.ts';

/** Stands for npm: puts a csa where it is told to, and notes its words. */
const NPM = `#!/bin/sh
echo "$*" >>"$HOME/npm.words"
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/.bin" && printf '#!/bin/sh\\n' >"$2/node_modules/.bin/csa" && chmod +x "$2/node_modules/.bin/csa"
`;

interface Stage {
  readonly world: World;
  readonly bin: string;
  readonly cache: string;
  step(version: string): Promise<{ code: number | null; csa: string | undefined; stdout: string }>;
}

function stage(npm = NPM): Stage {
  const world = temporaryWorld();
  const [bin, cache, output] = [join(world.home, 'bin'), join(world.home, 'tool cache'), join(world.home, 'output')];
  mkdirSync(bin);
  symlinkSync(testNode(), join(bin, 'node'));
  // Nothing else of the machine's: it may have an npm of its own.
  for (const name of ['mkdir', 'chmod', 'cp']) symlinkSync(`/bin/${name}`, join(bin, name));
  writeFileSync(join(bin, 'npm'), npm);
  chmodSync(join(bin, 'npm'), 0o755);
  const env = {
    PATH: bin,
    RUNNER_TOOL_CACHE: cache,
    GITHUB_OUTPUT: output,
  };
  return {
    world,
    bin,
    cache,
    step: async (version) => {
      writeFileSync(output, '');
      const words = [testNode(), join(ROOT, 'action/install.mjs')] as const;
      const { code, stdout } = await run(words, { world, env: { ...env, CSA_VERSION: version } });
      return { code, stdout, csa: outputsIn(readFileSync(output, 'utf8'))['csa'] };
    },
  };
}

const npmRuns = ({ world }: Stage): number =>
  existsSync(join(world.home, 'npm.words'))
    ? readFileSync(join(world.home, 'npm.words'), 'utf8').trimEnd().split('\n').length
    : 0;

describe('the step that installs csa', () => {
  it('installs the exact version once for all jobs, without scripts, and leaves nothing else', async () => {
    const on = stage();
    const program = join(on.cache, 'csa/1.2.3/node_modules/.bin/csa');
    expect(await on.step('1.2.3')).toMatchObject({ code: 0, csa: program });
    expect(await on.step('1.2.3')).toMatchObject({ code: 0, csa: program });
    expect(npmRuns(on)).toBe(1);
    const words = readFileSync(join(on.world.home, 'npm.words'), 'utf8');
    expect(words).toMatch(/^install --ignore-scripts .* @csa\/cli@1\.2\.3$/m);
    expect(readdirSync(join(on.cache, 'csa'))).toEqual(['1.2.3']);
  });

  it('takes what another runner has put in place meanwhile', async () => {
    const there =
      'mkdir -p "$2/../1.2.3/node_modules/.bin" && cp "$2/node_modules/.bin/csa" "$2/../1.2.3/node_modules/.bin/csa"';
    const on = stage(`${NPM}${there} && echo theirs >"$2/../1.2.3/theirs"\n`);
    expect((await on.step('1.2.3')).code).toBe(0);
    expect(readdirSync(join(on.cache, 'csa/1.2.3'))).toContain('theirs');
    expect(readdirSync(join(on.cache, 'csa'))).toEqual(['1.2.3']);
  });

  it('replaces what is there without a program', async () => {
    const on = stage();
    const { csa } = await on.step('1.2.3');
    rmSync(csa ?? '');
    expect(await on.step('1.2.3')).toMatchObject({ code: 0, csa });
    expect(existsSync(csa ?? '')).toBe(true);
  });

  it.each(['latest', '^1.2.3', '', '1.2.3 --registry=x', '../1.2.3'])('refuses the version %j', async (version) => {
    const on = stage();
    const { code, stdout, csa } = await on.step(version);
    expect([code, csa, npmRuns(on)]).toEqual([125, undefined, 0]);
    expect(stdout).toMatch(/^::error title=csa::the input version .*expected an exact version.*\n$/);
  });

  it.each([
    ['fails', '#!/bin/sh\nexit 1\n', /could not install/],
    ['is missing', undefined, /npm could not be run/],
  ])('says so where npm %s, and leaves nothing', async (_, npm, said) => {
    const on = stage(npm);
    if (npm === undefined) rmSync(join(on.bin, 'npm'));
    const { code, stdout } = await on.step('1.2.3');
    expect(readdirSync(join(on.cache, 'csa'))).toEqual([]);
    expect([code, stdout]).toEqual([125, expect.stringMatching(said)]);
  });

  it('finds an installed csa, or says that there is none', async () => {
    const on = stage();
    expect(await on.step('installed')).toMatchObject({ code: 125, stdout: expect.stringContaining('there is no csa') });
    writeFileSync(join(on.bin, 'csa'), '', { mode: 0o755 });
    expect(await on.step('installed')).toMatchObject({ code: 0, csa: join(on.bin, 'csa') });
    expect(npmRuns(on)).toBe(0);
  });
});
