import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { endGroup } from '@csa/liveness';
import { lastCleanLine } from '@csa/markers';
import type { execa } from 'execa';

export interface Hook {
  /** A line for `sh -c`. */
  readonly command: string;
  readonly cwd: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What it finds on its standard input. */
  readonly input: string;
}

export type HookEnd =
  | { readonly kind: 'succeeded' }
  /** `how` as the rest of a sentence; `lastLine` is the last of its output, clean. */
  | { readonly kind: 'failed'; readonly how: string; readonly lastLine: string };

/** Milliseconds that a hook may run, and then to end by itself before its process group is killed. */
export interface HookLimits {
  readonly timeMs: number;
  readonly graceMs: number;
}

const HOOK_LIMITS: HookLimits = { timeMs: 60_000, graceMs: 5_000 };
/** A killed process may hang in an uninterruptible call. */
const KILLED_MS = 5_000;
/** Output that is on its way when a hook ends; what it left running may hold the pipe for ever. */
const LAST_OUTPUT_MS = 200;
const TAIL_BYTES = 4 * 1024;
const MAX_LINE_BYTES = 400;

/** Runs one hook to its end, or ends it at its limit. Never throws, and keeps only the last of its output. */
export async function runHook(hook: Hook, limits: HookLimits = HOOK_LIMITS): Promise<HookEnd> {
  // Loaded late: whoever runs no hook is not to wait for it.
  const { execa } = await import('execa');
  const subprocess = startHook(execa, hook);
  const { pid } = subprocess;
  if (pid === undefined) return failed(`could not be started: ${whyNot(hook, (await subprocess).code)}`, '');
  const output = new Tail(subprocess.stdout, subprocess.stderr);
  const exit = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    subprocess.nodeChildProcess.once('exit', (code, signal) => resolve([code, signal]));
  });
  const isInTime = (await within(exit, limits.timeMs)) !== undefined;
  if (!isInTime) await endGroup(pid, limits.graceMs);
  const [code, signal] = (await within(exit, KILLED_MS)) ?? [null, null];
  await within(subprocess, LAST_OUTPUT_MS);
  const lastLine = output.close();
  if (!isInTime) return failed(`was ended after ${limits.timeMs / 1000}s`, lastLine);
  if (signal !== null) return failed(`was killed by ${signal}`, lastLine);
  return code === 0 ? { kind: 'succeeded' } : failed(`exited with ${code}`, lastLine);
}

/** In its own session and process group, so that it can be ended as a whole. */
function startHook(run: typeof execa, { command, cwd, env, input }: Hook) {
  return run('sh', ['-c', command], {
    cwd,
    env: { ...env },
    extendEnv: false,
    input,
    buffer: false,
    reject: false,
    cleanup: false,
    detached: true,
  });
}

function failed(how: string, lastLine: string): HookEnd {
  return { kind: 'failed', how, lastLine };
}

/** spawn(2) says ENOENT for a missing directory too. */
function whyNot({ cwd }: Hook, code: string | undefined): string {
  const isThere = statSync(cwd, { throwIfNoEntry: false })?.isDirectory() === true;
  return isThere ? (code ?? 'unknown error') : `the directory ${cwd} is gone`;
}

/** What a promise gives, `undefined` when that takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, ms, undefined);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The last bytes of what some streams bring, however much that is. */
class Tail {
  readonly #streams: readonly Readable[];
  #bytes: Buffer = Buffer.alloc(0);

  constructor(...streams: Readable[]) {
    this.#streams = streams;
    for (const stream of streams) {
      stream.on('data', (chunk: Buffer | string) => {
        this.#bytes = Buffer.concat([this.#bytes, Buffer.from(chunk).subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      });
    }
  }

  /** Reads no more; gives the last line that says something. */
  close(): string {
    for (const stream of this.#streams) stream.destroy();
    return lastCleanLine(this.#bytes.toString('utf8'), MAX_LINE_BYTES);
  }
}
