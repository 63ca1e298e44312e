import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { builtCsa, runCsa, temporaryWorld, testNode, type World } from '@csa/testkit';
import { onTestFinished } from 'vitest';
import {
  type Client,
  LOOPBACK,
  type ModelServer,
  type Move,
  type Script,
  startModel,
  type Turn,
} from '../src/index.ts';
import { clientsFolder } from './install-clients.ts';

/** A home and a project in which one client works, with csa on the PATH of every shell. */
export interface Surroundings {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
}

/** What came of one run of a client. */
export interface Exchange {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly turns: readonly Turn[];
  readonly moves: readonly Move[];
  /** What else it asked the model's server for, or wanted to reach. */
  readonly others: readonly string[];
}

export interface ExchangeOptions {
  readonly surroundings?: Surroundings;
  readonly env?: NodeJS.ProcessEnv;
  /** How long `npm run load` takes. */
  readonly seconds?: number;
  /** Laid over the client's own, whole files below HOME. */
  readonly files?: (model: string) => Readonly<Record<string, string>>;
  /** `csa setup` is run for the client, with these flags. */
  readonly setUp?: readonly string[];
}

const PROMPT = 'Do the work of this night.';

/** What a user has: HOME, a PATH that login shells set up again, and nothing of ours. */
export function surroundings(): Surroundings {
  const world = temporaryWorld();
  const bin = join(world.home, 'bin');
  mkdirSync(bin);
  symlinkSync(builtCsa, join(bin, 'csa'));
  symlinkSync(testNode(), join(bin, 'node'));
  writeFileSync(join(world.home, '.profile'), `PATH="${bin}:$PATH"\n`);
  const { HOME, LANG, CSA_BRIEF } = world.env;
  return { world, env: { HOME, LANG, CSA_BRIEF, PATH: `${bin}${delimiter}${world.env['PATH']}` } };
}

/** Moves one after the other, each made of what has come back so far; then a last word. */
export function inOrder(...moves: ReadonlyArray<(turn: Turn) => Move>): Script {
  return (turn) => moves[turn.index]?.(turn) ?? { kind: 'say', text: 'done' };
}

/** The last answer of a tool. */
export function lastAnswer({ answers }: Turn): string {
  return answers.at(-1)?.text ?? '';
}

/** Runs a client until it has said its last word. @throws what the script throws */
export async function exchange(client: Client, script: Script, options: ExchangeOptions = {}): Promise<Exchange> {
  const on = options.surroundings ?? surroundings();
  const { world, env } = on;
  const model = await startModel(script);
  onTestFinished(() => model.close());
  writeFileSync(join(world.home, 'bin/npm'), loadTest(options.seconds ?? 3), { mode: 0o755 });
  writeFiles(world.home, { ...client.files(model.url), ...options.files?.(model.url) });
  if (options.setUp !== undefined) await setUp(client, on, options.setUp);
  const ended = await run(client, {
    args: client.arguments(PROMPT, options.setUp !== undefined),
    cwd: world.project,
    env: {
      ...env,
      ...proxies(model),
      ...client.environment(model.url),
      ...options.env,
    },
    limitMs: ((options.seconds ?? 0) + 120) * 1000,
  });
  if (model.faults.length > 0) throw model.faults[0];
  return { ...ended, turns: model.turns, moves: model.moves, others: model.others };
}

/** Stands for a long job: `npm run load`. No client passes a variable of ours on to all that it starts. */
function loadTest(seconds: number): string {
  return `#!/bin/sh\necho 200 users; sleep ${seconds}; echo 3 of 200 users were turned away; exit 3\n`;
}

/** Everything but the loopback interface goes to a proxy that lets nothing through. */
function proxies({ url }: ModelServer): NodeJS.ProcessEnv {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
  return { ...Object.fromEntries(names.map((name) => [name, url])), NO_PROXY: LOOPBACK, no_proxy: LOOPBACK };
}

function writeFiles(home: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
}

/** What was there before stays, so that our model does. */
async function setUp({ name }: Client, on: Surroundings, flags: readonly string[]): Promise<void> {
  const env = { ...on.env, XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined };
  const { code, stderr } = await runCsa(['setup', name, ...flags], { world: on.world, env });
  if (code !== 0) throw new Error(`csa setup ${name} failed: ${stderr}`);
}

interface RunOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
}

/** The client in a process group of its own, which is killed when the time is over or the test is. */
function run(client: Client, { args, cwd, env, limitMs }: RunOptions) {
  const program = join(clientsFolder(), 'node_modules/.bin', client.program);
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  onTestFinished(kill);
  const limit = setTimeout(kill, limitMs);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${program} could not be started`, { cause: error })));
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stdout: stdout(), stderr: stderr() });
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
