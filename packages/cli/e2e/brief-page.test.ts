import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { briefPlaces } from '@csa/brief';
import { temporaryWorld, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { idsIn } from './brief-text.ts';
import { blocksOf, docPage } from './doc-page.ts';
import { commandPid, sessionFile } from './job.ts';
import { shell } from './program.ts';
import { userPath } from './user-path.ts';

const PAGE = docPage('docs/brief.md');

const SHELLS = blocksOf(PAGE, 'sh');
const [TEXT = ''] = blocksOf(PAGE, 'markdown');
const [CLAUDE = ''] = blocksOf(PAGE, 'json');
const [CODEX = ''] = blocksOf(PAGE, 'toml');
const [EVENT = ''] = blocksOf(PAGE, 'jsonl');

interface Stage {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
  readonly failed: string;
}

/** A project whose npm test fails, and whose load test goes on. */
async function stage(): Promise<Stage> {
  const world = temporaryWorld({ projectName: 'shop' });
  const env = { PATH: userPath(world, { npm: '[ "$1" = test ] || exec sleep 600\necho 2 tests failed; exit 3' }) };
  const start = async (words: string): Promise<string> =>
    (await shell(`csa session start ${words}`, { world, env })).stdout.trim();
  const failed = await start('-- npm test');
  const ended = (): boolean =>
    existsSync(join(world.stateRoot, world.project, 'sessions', failed, 'daemon-completion.toml'));
  await until(ended, 'its end');
  await until(() => sessionFile(world, failed, 'state.toml').includes('retired'), 'its supervisor to leave');
  const alive = await start('--description "load test" -- npm run load');
  // From then on its records change no more.
  await commandPid(world, alive);
  return { world, env: { ...env, id: failed }, failed };
}

/** Without what differs from one run to the next. */
function comparable(text: string, project = '/home/me/shop'): string {
  return text
    .replaceAll(project, '/home/me/shop')
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
}

const run = ({ world, env }: Stage, example: number) => shell(SHELLS[example] ?? '', { world, env });

describe('the page on briefs', () => {
  it('has a check for each of its examples', () => {
    expect(SHELLS).toHaveLength(6);
    for (const language of ['markdown', 'json', 'toml', 'jsonl']) expect(blocksOf(PAGE, language)).toHaveLength(1);
  });

  it('shows a brief as it looks', async () => {
    const on = await stage();
    const { code, stdout, stderr } = await run(on, 0);
    expect([code, stderr]).toEqual([0, '']);
    expect(comparable(stdout, on.world.project)).toBe(comparable(TEXT));
  });

  it('shows the configuration of both clients as it is printed', async () => {
    const on = await stage();
    expect(await run(on, 1)).toMatchObject({
      code: 0,
      stdout: CLAUDE,
      stderr: expect.stringContaining('settings.json'),
    });
    expect(await run(on, 2)).toMatchObject({ code: 0, stdout: CODEX, stderr: expect.stringContaining('config.toml') });
  });

  it('says what counts as collected', async () => {
    const on = await stage();
    const { stdout } = await run(on, 3);
    expect(idsIn(stdout)).toHaveLength(1);
    expect(stdout).not.toContain(on.failed);
  });

  it('says how to collect all that have ended', async () => {
    const on = await stage();
    expect(idsIn((await run(on, 0)).stdout)).toContain(on.failed);
    const { stdout } = await run(on, 4);
    expect(idsIn(stdout)).toHaveLength(1);
    expect(stdout).not.toContain(on.failed);
  });

  it('says where a brief comes from, and where its files are', async () => {
    const on = await stage();
    const { stdout, stderr } = await run(on, 5);
    expect(idsIn(stdout)).toContain(on.failed);
    expect(stderr).toMatch(/^csa: the brief .*\ncache-hit age=\d+s\n$/);
    await run(on, 3);
    const { folder } = briefPlaces(on.world.stateRoot, on.world.project);
    const files = Array.from(PAGE.matchAll(/^\| `(\.?brief[^`]*)`/gm), ([, file = '']) => file);
    expect(files).toHaveLength(4 + 4);
    for (const file of files.slice(0, 4)) expect(existsSync(join(folder, file)), file).toBe(true);
  });

  it('shows a line of telemetry as it is written', async () => {
    const on = await stage();
    await shell('csa session brief --refresh', on);
    const { workshop } = briefPlaces(on.world.stateRoot, on.world.project);
    const lines = readFileSync(join(workshop, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const written = JSON.parse(lines.find((line) => line.includes('"brief_write_success"')) ?? '');
    for (const event of [JSON.parse(EVENT), written]) expect(faultsOf('brief-event', event)).toEqual([]);
    expect(Object.keys(written)).toEqual(Object.keys(JSON.parse(EVENT)));
  });
});
