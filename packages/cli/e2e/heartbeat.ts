import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunResult, runCsa, testNode, type World } from '@csa/testkit';
import { expect } from 'vitest';

export const USAGE = {
  input_tokens: 3,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 99_000,
  output_tokens: 1,
};

/** A driver's program that notes each of its requests in the project's `beats` and prints this. */
export function driverProgram(world: World, printed: object | string = { usage: USAGE }): string[] {
  const script = join(world.project, 'warm.mjs');
  const text = typeof printed === 'string' ? printed : JSON.stringify(printed);
  writeFileSync(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(join(world.project, 'beats'))}, readFileSync(0, 'utf8'));
console.log(${JSON.stringify(text)});
`,
  );
  return [testNode(), script];
}

/** What the requests so far were told. */
export function beats(world: World): Array<Record<string, unknown>> {
  const file = join(world.project, 'beats');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

export function warm(world: World, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return runCsa(['session', 'warm', ...args], { world, env });
}

/** The one document of a command below `session warm`. */
export async function warmJson(world: World, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const at = args.indexOf('--');
  const words = at === -1 ? [...args, '--json'] : args.toSpliced(at, 0, '--json');
  const { code, stdout, stderr } = await warm(world, words, env);
  expect([code, stdout.split('\n').length], stderr).toEqual([0, 2]);
  return JSON.parse(stdout);
}
