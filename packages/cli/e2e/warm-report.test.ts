import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
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
import { parseMarkers } from '@csa/markers';
import { builtCsa, hashTree, runCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute } from './answer.ts';
import { shell } from './program.ts';

interface Document {
  readonly looked_at: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly turns: number;
  readonly gaps: number;
  readonly caches: ReadonlyArray<{
    readonly agent: string;
    readonly tier: string | null;
    readonly cold_point: Readonly<Record<string, unknown>>;
  }>;
  readonly warming: {
    readonly spent: Priced;
    readonly avoided: Priced;
    readonly net_nano_usd: number | null;
  };
}

interface Priced {
  readonly nano_usd: number | null;
}

const dollarsOf = (priced: Priced): number => priced.nano_usd ?? Number.NaN;
const MODEL = 'claude-opus-4-5-20251101';

/** A turn of Claude Code's, so many minutes ago; what is not read again is written. */
function turn(id: string, minutesAgo: number, read: number, model = MODEL): string {
  const timestamp = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const write = 100_000 - read;
  const split = { ephemeral_5m_input_tokens: write, ephemeral_1h_input_tokens: 0 };
  const usage = { input_tokens: 2, cache_read_input_tokens: read, cache_creation: split, output_tokens: 5 };
  const lines = [
    { type: 'user', uuid: `u${id}`, timestamp, message: { role: 'user', content: 'SECRET-PROMPT' } },
    { type: 'assistant', uuid: `a${id}`, parentUuid: `u${id}`, timestamp, message: { id, model, usage } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Kept through 16 short gaps, and lost after 4 of ten minutes. */
function conversation(model = MODEL): string {
  let at = 200;
  return Array.from({ length: 21 }, (_, i) => {
    const isReturn = i % 5 === 4;
    at -= isReturn ? 10 : 2;
    return turn(`msg_${model}_${i}`, at, isReturn || i === 0 ? 0 : 100_000, model);
  }).join('');
}

function transcripts(world: World, files: Readonly<Record<string, string>>): string {
  const folder = join(world.home, '.claude/projects/-project');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function reportOf(world: World, ...flags: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await runCsa(['session', 'warm', 'report', '--json', ...flags], { world });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const document = JSON.parse(stdout);
  expect(faultsOf('session-warm-report', document)).toEqual([]);
  return document;
}

describe('a report on prompt caches', () => {
  it('tells when they go cold, and what warming would have been worth, with both sides of it', async () => {
    const world = temporaryWorld();
    transcripts(world, { 'a.jsonl': conversation() });
    const { turns, gaps, caches, warming } = await reportOf(world);
    expect([turns, gaps]).toEqual([21, 20]);
    const minutes = (of: number) => of * 60_000;
    expect(caches).toMatchObject([
      {
        agent: 'claude-code',
        tier: '5m',
        returns: 20,
        cold_point: { kind: 'measured', kept_to_ms: minutes(3), lost_from_ms: minutes(10), misfits: 0 },
      },
    ]);
    const { spent, avoided, net_nano_usd } = warming;
    expect(warming).toMatchObject({ idle_gaps: 4, cold_returns: 4 });
    expect(net_nano_usd).toBe(dollarsOf(avoided) - dollarsOf(spent));
  });

  it('says the same in words', async () => {
    const world = temporaryWorld();
    const folder = transcripts(world, { 'a.jsonl': conversation() });
    const { code, stdout, stderr } = await runCsa(['session', 'warm', 'report'], { world });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Looked at ${join(folder, '..')}: 1 transcript of the last 7d\n`);
    expect(stdout).toContain('Measured: kept up to 3m, cold from 10m on');
    expect(stdout).toMatch(/ {2}spent .*\n {2}avoided .*\n {2}net /);
    expect(stdout).not.toContain('SECRET');
  });

  it('is the same when it remembers, and reads on from there', async () => {
    const world = temporaryWorld();
    const folder = transcripts(world, { 'a.jsonl': conversation() });
    const first = await reportOf(world);
    const index = join(world.stateRoot, '.warm/report');
    const before = hashTree(world.home);
    const times = { since: expect.any(String), until: expect.any(String) };
    expect(await reportOf(world)).toEqual({ ...first, ...times, warming: expect.any(Object) });
    expect(hashTree(world.home)).toEqual(before);
    for (const name of readdirSync(index)) expect(readFileSync(join(index, name), 'utf8')).not.toMatch(/SECRET|msg_/);
    appendFileSync(join(folder, 'a.jsonl'), turn('msg_more', 1, 100_000));
    expect((await reportOf(world)).turns).toBe(22);
    writeFileSync(join(index, readdirSync(index)[0] ?? ''), '{"torn');
    expect((await reportOf(world)).turns).toBe(22);
  });

  it('counts a fork and what sub-agents did once at most', async () => {
    const world = temporaryWorld();
    const whole = conversation();
    const folder = transcripts(world, {
      'a.jsonl': whole,
      'fork.jsonl': whole,
      'agent-1.jsonl': conversation('other'),
    });
    mkdirSync(join(folder, 'a/subagents'), { recursive: true });
    writeFileSync(join(folder, 'a/subagents/agent-2.jsonl'), conversation('another'));
    expect(await reportOf(world)).toMatchObject({ turns: 21, gaps: 20 });
  });

  it('claims no savings for a model without a known price', async () => {
    const world = temporaryWorld();
    transcripts(world, { 'a.jsonl': conversation('nobody-knows') });
    const { warming } = await reportOf(world);
    expect(warming).toMatchObject({ net_nano_usd: null, spent: { nano_usd: null }, avoided: { tokens: 400_000 } });
    const config = join(world.home, '.config/cli-sub-agent');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'config.toml'), '[warm.prices]\nnobody-knows = 5\n');
    expect((await reportOf(world)).warming.net_nano_usd).toEqual(expect.any(Number));
  });

  it('leaves out what is older', async () => {
    const world = temporaryWorld();
    transcripts(world, { 'a.jsonl': turn('x', 300, 10) + turn('y', 20, 10) });
    expect(await reportOf(world, '--since', '1h')).toMatchObject({ turns: 1, gaps: 1 });
    expect(await reportOf(world, '--since', '1m')).toMatchObject({ turns: 0, gaps: 0, caches: [] });
  });
});

describe('transcripts that are none', () => {
  it('are told of, with where they were looked for', async () => {
    const world = temporaryWorld();
    const { code, stdout, stderr } = await runCsa(['session', 'warm', 'report'], { world });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Not there: ${world.home}/.claude/projects, ${world.home}/.codex/sessions`);
    expect(stdout).toContain('No turn of the last 7d');
    expect(readdirSync(world.home)).not.toContain('.local');
  });

  it('harm nothing and nobody', async () => {
    const world = temporaryWorld();
    const folder = transcripts(world, {
      'a.jsonl': conversation(),
      'empty.jsonl': '',
      'garbage.jsonl': `\0\0\n{"type":"assistant"\n[]\n${'x'.repeat(100_000)}`,
    });
    execFileSync('mkfifo', [join(folder, 'pipe.jsonl')]);
    mkdirSync(join(folder, 'directory.jsonl'));
    execFileSync('ln', ['-s', '/nowhere', join(folder, 'link.jsonl')]);
    expect(await reportOf(world)).toMatchObject({ turns: 21 });
  });

  it('may stand in directories that are named', async () => {
    const world = temporaryWorld();
    const folder = transcripts(world, { 'a.jsonl': conversation() });
    const flags = ['--transcripts', folder, '--transcripts', join(folder, '..')];
    const { turns, looked_at } = await reportOf(world, ...flags);
    expect(turns).toBe(21);
    expect(looked_at).toMatchObject([
      { directory: folder, search: 'found', transcripts: 1 },
      { search: 'found', transcripts: 0 },
    ]);
  });

  it.each(['../absent', 'a.jsonl/below', 'a.jsonl', 'dangling'])(
    'are refused in a directory that is named and not there: %s',
    async (typo) => {
      const world = temporaryWorld();
      const folder = transcripts(world, { 'a.jsonl': conversation() });
      symlinkSync('/nonexistent/transcripts', join(folder, 'dangling'));
      const { code, stdout, stderr } = await runCsa(
        ['session', 'warm', 'report', '--transcripts', '.', '--transcripts', typo],
        { world, cwd: folder },
      );
      expect([code, stdout]).toEqual([125, '']);
      expect(stderr).toContain(join(folder, typo));
      const [marker] = parseMarkers(stderr);
      expect([marker?.name, attribute(marker, 'reason')]).toEqual(['SESSION_ERROR', 'invalid-directory']);
      expect(existsSync(join(world.stateRoot, '.warm'))).toBe(false);
    },
  );
});

it('goes on without a memory where none can be written', async () => {
  const world = temporaryWorld();
  transcripts(world, { 'a.jsonl': conversation() });
  mkdirSync(join(world.stateRoot, '..'), { recursive: true });
  writeFileSync(world.stateRoot, 'in the way');
  expect(await reportOf(world)).toMatchObject({ turns: 21 });
  rmSync(world.stateRoot);
  mkdirSync(world.stateRoot);
  chmodSync(world.stateRoot, 0o500);
  expect(await reportOf(world)).toMatchObject({ turns: 21 });
});

it('ends with 125 when the answer is lost, and not when its reader goes away', async () => {
  const world = temporaryWorld();
  transcripts(world, { 'a.jsonl': conversation() });
  const csa = `"${testNode()}" "${builtCsa}" session warm report`;
  expect((await shell(`${csa} > /dev/full`, { world })).code).toBe(125);
  expect((await shell(`{ ${csa}; echo $? >&2; } | true`, { world })).stderr).toBe('0\n');
});

it.each([
  ['0', 'out-of-range'],
  ['4000d', 'out-of-range'],
  ['soon', 'bad-duration'],
  ['7 d', 'bad-duration'],
])('refuses --since %j', async (since, reason) => {
  const { code, stdout, stderr } = await runCsa(['session', 'warm', 'report', '--since', since], {
    world: temporaryWorld(),
  });
  expect([code, stdout, parseMarkers(stderr).map((marker) => attribute(marker, 'reason'))]).toEqual([
    125,
    '',
    [reason],
  ]);
});
