import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { builtCsa, runCsa, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { blocksOf, docPage } from './doc-page.ts';
import { hookRunners } from './hook-runners.ts';
import { shell } from './program.ts';

const PAGE = docPage('docs/hooks.md');
const PATIENCE_MS = 30_000;

/** Stands for a program: leaves its words and its standard input, and the file that it is told to read. */
const RECORDER = `#!/bin/sh
out="$RECORDS/$(basename "$0")"
for word; do printf '%s\\n' "$word"; done >"$out.words"
case "$*" in *--config*) while [ "$1" != --config ]; do shift; done; cat "$2" >"$out.config";; esac
[ "$(basename "$0")" = notify-send ] || [ "$(basename "$0")" = osascript ] || cat >"$out.input"
: >"$out.done"
`;

interface Stage {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
  /** What a stand-in left, once it has ended. */
  recorded(program: string): Promise<{ words: string[]; input: string; config: string }>;
}

/** A world whose programs only say what they were asked; npm test fails with 3, npm run deploy succeeds. */
function stage(): Stage {
  const world = temporaryWorld();
  const [bin, records] = [join(world.home, 'bin'), join(world.home, 'records')];
  for (const directory of [bin, records, join(world.home, '.config/cli-sub-agent')]) {
    mkdirSync(directory, { recursive: true });
  }
  const install = (name: string, text: string): void => {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  };
  for (const name of ['curl', 'notify-send', 'osascript', 'mail']) install(name, RECORDER);
  install('csa', `#!/bin/sh\nexec "${testNode()}" "${builtCsa}" "$@"\n`);
  install('node', `#!/bin/sh\nexec "${testNode()}" "$@"\n`);
  install(
    'npm',
    `#!/bin/sh\necho "npm $*"; [ "$1" = run ] && { : >"${records}/deploy.done"; exit; }; exit "\${NPM_EXIT:-3}"\n`,
  );
  install('tty', `#!/bin/sh\necho "${records}/tty.done"\n`);
  for (const name of ['webhook', 'chat'])
    writeFileSync(join(world.home, `.config/${name}.curl`), `url = "secret ${name}"\n`);
  const read = (name: string): string =>
    existsSync(join(records, name)) ? readFileSync(join(records, name), 'utf8') : '';
  return {
    world,
    env: { PATH: `${bin}${delimiter}${world.env['PATH']}`, RECORDS: records },
    recorded: async (program) => {
      await until(() => existsSync(join(records, `${program}.done`)), program, PATIENCE_MS);
      const [words, input, config] = ['words', 'input', 'config'].map((kind) => read(`${program}.${kind}`));
      return { words: (words ?? '').split('\n').slice(0, -1), input: input ?? '', config: config ?? '' };
    },
  };
}

const VERDICT = { schema: 'csa.session-wait/1', status: 'failure', exit: 3, summary: 'npm test' };

type Check = (on: Stage, id: string) => Promise<void>;

const notified: Check = async ({ recorded }) => {
  expect((await recorded('notify-send')).words).toEqual(['csa: failure', 'exit 3']);
};

/** One for each example of a shell, in the order of the page. */
const EXAMPLES: Array<[what: string, check: Check]> = [
  ['the first one', notified],
  ['a notification on Linux', notified],
  [
    'a notification on macOS',
    async ({ recorded }) =>
      expect((await recorded('osascript')).words.slice(-3)).toEqual(['end run', 'csa: failure', 'exit 3']),
  ],
  [
    'the bell',
    async ({ env, recorded }) => {
      await recorded('tty');
      await until(() => readFileSync(join(env['RECORDS'] ?? '', 'tty.done'), 'utf8') === '\u0007', 'the bell');
    },
  ],
  [
    'a webhook whose URL stands in a file',
    async ({ recorded }, id) => {
      const { words, input, config } = await recorded('curl');
      expect([words.slice(-2), config]).toEqual([['--data-binary', '@-'], 'url = "secret webhook"\n']);
      expect(JSON.parse(input)).toMatchObject({ ...VERDICT, session: id });
    },
  ],
  [
    'a webhook whose token stands in a variable',
    async ({ recorded }, id) => {
      const { words, input, config } = await recorded('curl');
      expect([words.at(-1), config]).toEqual([
        'https://hooks.example.org/csa',
        'header = "Authorization: Bearer secret"\n',
      ]);
      expect(words.join(' ')).not.toContain('secret');
      expect(JSON.parse(input)).toMatchObject({ ...VERDICT, session: id });
    },
  ],
  [
    'a chat',
    async ({ recorded }, id) => {
      const { input, config } = await recorded('curl');
      expect([JSON.parse(input), config]).toEqual([{ text: `${id} failure npm test` }, 'url = "secret chat"\n']);
    },
  ],
  [
    'an e-mail',
    async ({ recorded }, id) => {
      const { words, input } = await recorded('mail');
      expect(words).toEqual(['-s', 'csa: failure, exit 3', 'me@example.org']);
      const [verdict = '', output] = input.split('\n');
      expect([JSON.parse(verdict).session, output]).toEqual([id, 'npm test']);
    },
  ],
  [
    'the next job',
    async ({ world, recorded }, id) => {
      await recorded('deploy');
      const { stdout } = await runCsa(['session', 'list', '--json'], { world });
      const descriptions = JSON.parse(stdout).sessions.map(({ description }: { description: string }) => description);
      expect(descriptions).toEqual([`after ${id}`, '']);
    },
  ],
];

describe('the page on hooks', () => {
  const shells = blocksOf(PAGE, 'sh');

  it('has a check for each of its examples', () => {
    expect(shells).toHaveLength(EXAMPLES.length);
    expect(blocksOf(PAGE, 'toml')).toHaveLength(1);
  });

  it.each(EXAMPLES.map(([what, check], i) => ({ what, check, text: shells[i] ?? '' })))(
    'shows $what as it works',
    async ({ what, check, text }) => {
      const on = stage();
      const env = { ...on.env, ...(what === 'the next job' ? { NPM_EXIT: '0' } : {}) };
      const { code, stdout, stderr } = await shell(text, { world: on.world, env });
      expect(code, stderr).toBe(0);
      await check(on, stdout.trim());
      await until(() => hookRunners(on.world).length === 0, 'the end of the hooks', PATIENCE_MS);
      const { stdout: result } = await runCsa(['session', 'result', stdout.trim(), '--json'], { world: on.world });
      expect(JSON.parse(result).warnings).toEqual([]);
    },
  );

  it('shows a config as it works', async () => {
    const on = stage();
    const [text = ''] = blocksOf(PAGE, 'toml');
    writeFileSync(join(on.world.home, '.config/cli-sub-agent/config.toml'), text);
    const { stdout } = await runCsa(['session', 'start', '--', 'npm', 'test'], { world: on.world, env: on.env });
    const { input, config } = await on.recorded('curl');
    expect(JSON.parse(input)).toMatchObject({ ...VERDICT, session: stdout.trim() });
    expect(config).toBe('url = "secret webhook"\n');
    expect((await on.recorded('notify-send')).words).toEqual([
      '--urgency=critical',
      'csa: failure',
      `${on.world.project}: exit 3`,
    ]);
  });
});
