import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryWorld, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type Program, type ProgramOptions, program, run } from './program.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/csa', import.meta.url));
const WORDS = ['session', 'start', '--', 'sh', '-c', 'echo "$1"\n', '', "it's a * ?"] as const;

/** Stands for a csa: says who it is, what it was given, and what it reads. */
const CSA = '#!/bin/sh\nprintf "%s\\n" "$0" "$$"; for word; do printf "[%s]" "$word"; done; cat; exit 7\n';
/** Stands for npx: notes that it ran and what it was to fetch, and runs the words behind -- with a csa of its own. */
const NPX =
  '#!/bin/sh\necho "$*" >>"$HOME/npx.words"\nwhile [ "$1" != -- ]; do shift; done; shift\nPATH=$HOME/fetched:$PATH exec "$@"\n';

interface Stage {
  readonly world: World;
  /** of a plugin of its own, in a directory with a space */
  readonly launcher: string;
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
}

function install(path: string, script: string): void {
  writeFileSync(path, script);
  chmodSync(path, 0o755);
}

/** A plugin, and a directory for programs that stands on the PATH before the system's, which has no csa and no npx. */
function stage(): Stage {
  const world = temporaryWorld();
  const [plugin, bin, system] = ['my plugin/bin', 'bin', 'system'].map((name) => join(world.home, name)) as [
    string,
    string,
    string,
  ];
  for (const directory of [plugin, bin, system, join(world.home, 'fetched')]) mkdirSync(directory, { recursive: true });
  for (const name of ['sh', 'cat', 'mkdir', 'ln']) symlinkSync(`/bin/${name}`, join(system, name));
  const launcher = join(plugin, 'csa');
  copyFileSync(LAUNCHER, launcher);
  install(join(world.home, 'fetched/csa'), CSA);
  return { world, launcher, bin, env: { PATH: [plugin, bin, system].join(delimiter) } };
}

const launched = (on: Stage, ...words: string[]): Program => program([on.launcher, ...words], on);
const npxRuns = ({ world }: Stage): string[] => {
  const file = join(world.home, 'npx.words');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
};

describe('the launcher of the plugin', () => {
  it('becomes the installed csa: its words, its exit code, its process', async () => {
    const on = stage();
    install(join(on.bin, 'csa'), CSA);
    const running = launched(on, ...WORDS);
    const { code, stdout } = await running.ended;
    const words = WORDS.map((word) => `[${word}]`).join('');
    expect([code, stdout]).toEqual([7, `${join(on.bin, 'csa')}\n${running.pid}\n${words}`]);
  });

  it('hands its standard input on', async () => {
    const on = stage();
    install(join(on.bin, 'csa'), CSA);
    const { stdout } = await run(['sh', '-c', 'echo hello | "$1" x', 'sh', on.launcher], on);
    expect(stdout).toMatch(/\[x\]hello\n$/);
  });

  it('leaves signals to the csa that it has become', async () => {
    const on = stage();
    install(join(on.bin, 'csa'), '#!/bin/sh\ntrap "echo term; exit 9" TERM\necho up; while :; do :; done\n');
    const running = launched(on, 'session', 'wait', 'x');
    await until(() => running.stdout() === 'up\n', 'the csa');
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 9, stdout: 'up\nterm\n' });
  });

  it('works through a link, with spaces in its path', async () => {
    const on = stage();
    install(join(on.bin, 'csa'), CSA);
    const link = join(on.world.home, 'a link');
    symlinkSync(on.launcher, link);
    expect((await run([link, 'x'], on)).stdout).toContain('[x]');
  });

  it.each<[string, (on: Stage) => void]>([
    ['itself under another name', (on) => symlinkSync(on.launcher, join(on.bin, 'csa'))],
    ["another plugin's", (on) => copyFileSync(LAUNCHER, join(on.bin, 'csa'))],
    ['a directory', (on) => mkdirSync(join(on.bin, 'csa'))],
    ['what cannot be executed', (on) => writeFileSync(join(on.bin, 'csa'), CSA)],
    ['a link to nothing', (on) => symlinkSync('/nonexistent', join(on.bin, 'csa'))],
  ])('takes %s for no csa, and runs the one behind it', async (_, put) => {
    const on = stage();
    put(on);
    install(join(on.world.home, 'system/csa'), CSA);
    expect((await launched(on, 'x').ended).stdout).toContain(`${join(on.world.home, 'system/csa')}\n`);
  });

  it.each([
    ['x', 7, '[x]'],
    ['session warm hook', 0, '[session][warm][hook]'],
  ])('is not led in a circle by a csa that runs it again: %s', async (words, code, said) => {
    const on = stage();
    install(join(on.bin, 'csa'), `#!/bin/sh\nexec "${on.launcher}" "$@"\n`);
    install(join(on.bin, 'npx'), NPX);
    // What a hook runs is there already.
    await launched(on, 'x').ended;
    const answer = await launched(on, ...words.split(' ')).ended;
    expect([answer.code, answer.stdout]).toEqual([code, expect.stringContaining(said)]);
  });

  it('never looks in the current directory', async () => {
    const on = stage();
    install(join(on.world.project, 'csa'), CSA);
    const env = { PATH: `:.:${on.env['PATH']}` };
    expect(await run([on.launcher, 'x'], { ...on, env })).toMatchObject({ code: 125, stdout: '' });
  });

  it('has npx fetch the pinned version once, and remembers where', async () => {
    const on = stage();
    install(join(on.bin, 'npx'), NPX);
    const first = await launched(on, ...WORDS).ended;
    expect([first.code, first.stderr]).toEqual([
      7,
      expect.stringMatching(/^csa: not installed; npx fetches @csa\/cli@\S+, once\n$/),
    ]);
    expect(first.stdout).toContain("[it's a * ?]");
    const second = await launched(on, 'x').ended;
    expect([second.code, second.stderr]).toEqual([7, '']);
    expect(npxRuns(on)).toHaveLength(1);
    expect(npxRuns(on)[0]).toMatch(/^--yes --loglevel error --package @csa\/cli@\d+\.\d+\.\d+ -- /);
  });

  it('does not let npx read what is meant for csa', async () => {
    const on = stage();
    install(join(on.bin, 'npx'), NPX.replace('\n', '\ncat >/dev/null\n'));
    const { stdout } = await run(['sh', '-c', 'echo hello | "$1" x', 'sh', on.launcher], on);
    expect(stdout).toMatch(/\[x\]hello\n$/);
  });

  it('asks npx again once what it remembers is gone', async () => {
    const on = stage();
    install(join(on.bin, 'npx'), NPX);
    await launched(on, 'x').ended;
    rmSync(join(on.world.home, 'fetched/csa'));
    expect((await launched(on, 'x').ended).code).toBe(125);
    install(join(on.world.home, 'fetched/csa'), CSA);
    expect((await launched(on, 'x').ended).code).toBe(7);
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['its cache cannot be written', { XDG_CACHE_HOME: '/proc' }],
    ['there is no home', { XDG_CACHE_HOME: undefined, HOME: '' }],
  ])('runs what npx has fetched where %s', async (_, env) => {
    const on = stage();
    install(join(on.bin, 'npx'), NPX.replaceAll('$HOME', on.world.home));
    expect((await run([on.launcher, 'x'], { ...on, env: { ...on.env, ...env } })).code).toBe(7);
  });

  it.each([
    ['session wait 01M0', '<!-- CSA:SESSION_WAIT_ERROR reason=not-installed -->\n', /npm install/],
    ['session list', '', /npm install[^\n]*\n<!-- CSA:SESSION_ERROR reason=not-installed -->\n$/],
  ])('cannot answer "%s" without a csa, with or without npx', async (words, marker, said) => {
    const on = stage();
    const expected = { code: 125, stdout: marker, stderr: expect.stringMatching(said) };
    expect(await launched(on, ...words.split(' ')).ended).toMatchObject(expected);
    install(join(on.bin, 'npx'), '#!/bin/sh\necho no network >&2; exit 1\n');
    expect(await launched(on, ...words.split(' ')).ended).toMatchObject(expected);
  });

  describe.each(['session warm hook', 'session brief --hook'])('run as "%s"', (words) => {
    const hook = (on: ProgramOptions & Stage) => launched(on, ...words.split(' ')).ended;

    it('says nothing and fetches nothing where csa is missing', async () => {
      const on = stage();
      install(join(on.bin, 'npx'), NPX);
      expect(await hook(on)).toMatchObject({ code: 0, stdout: '', stderr: '' });
      expect(npxRuns(on)).toEqual([]);
    });

    it('prints what csa prints, and ends with 0 whatever csa ends with', async () => {
      const on = stage();
      install(join(on.bin, 'csa'), CSA);
      expect(await hook(on)).toMatchObject({ code: 0, stdout: expect.stringContaining('[session]') });
    });

    it('uses what npx has fetched before', async () => {
      const on = stage();
      install(join(on.bin, 'npx'), NPX);
      await launched(on, 'x').ended;
      expect((await hook(on)).stdout).toContain('[session]');
    });
  });
});
