import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult, World } from '@csa/testkit';
import { parse } from 'yaml';
import { type Program, program } from './program.ts';

interface Step {
  readonly id: string;
  readonly if?: string;
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

type Texts = Readonly<Record<string, string>>;

/** The repository's root, which holds the action. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));
export const ACTION: Action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

/** What a run of the whole action left. */
export interface ActionRun {
  /** of the first step that failed, else 0 */
  readonly code: number | null;
  readonly outputs: Texts;
  readonly summary: string;
  /** everything that the steps printed */
  readonly log: string;
  /** commands to the runner that it would have carried out, without its own pauses */
  readonly commands: readonly string[];
}

export interface Surroundings {
  readonly world: World;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the action as GitHub's runner does: the same steps, shells, variables and files, one after the other. */
export class ActionRunner {
  readonly #on: Surroundings;
  readonly #inputs: Texts;
  readonly #outputs = new Map<string, Texts>();
  readonly #files: string;

  constructor(inputs: Texts, on: Surroundings) {
    const defaults = Object.entries(ACTION.inputs).map(([name, { default: value }]) => [name, value]);
    this.#inputs = { ...Object.fromEntries(defaults), ...inputs };
    this.#on = on;
    this.#files = join(on.world.home, 'runner');
    mkdirSync(join(this.#files, 'temp'), { recursive: true });
  }

  /** @param onStep called with each step's process, to interrupt it */
  async run(onStep: (id: string, step: Program) => void = () => {}): Promise<ActionRun> {
    let code: number | null = 0;
    const logs: string[] = [];
    let summary = '';
    for (const step of ACTION.runs.steps) {
      if (code !== 0 && step.if !== 'always()') continue;
      const running = this.#start(step);
      onStep(step.id, running);
      const ended = await running.ended;
      logs.push(ended.stdout, ended.stderr);
      summary += this.#read(step.id, 'summary');
      this.#outputs.set(step.id, outputsIn(this.#read(step.id, 'output')));
      if (code === 0) code = codeOf(ended);
    }
    const outputs = Object.entries(ACTION.outputs).map(([name, { value }]) => [name, this.#expand(value)]);
    const commands = logs.flatMap(commandsIn);
    return { code, outputs: Object.fromEntries(outputs), summary, log: logs.join(''), commands };
  }

  #start(step: Step): Program {
    if (step.run.includes('${{')) throw new Error(`an expression in a script: ${step.run}`);
    const script = join(this.#files, `${step.id}.sh`);
    writeFileSync(script, step.run);
    const env = Object.entries(step.env).map(([name, value]) => [name, this.#expand(value)]);
    for (const kind of ['output', 'summary']) writeFileSync(this.#file(step.id, kind), '');
    return program([step.shell, '-e', script], {
      world: this.#on.world,
      env: {
        ...this.#on.env,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: ROOT,
        GITHUB_WORKFLOW: 'nightly',
        GITHUB_JOB: 'build',
        GITHUB_OUTPUT: this.#file(step.id, 'output'),
        GITHUB_STEP_SUMMARY: this.#file(step.id, 'summary'),
        RUNNER_TEMP: join(this.#files, 'temp'),
        RUNNER_TRACKING_ID: 'github_1',
        ...Object.fromEntries(env),
      },
    });
  }

  #file(id: string, kind: string): string {
    return join(this.#files, `${id}.${kind}`);
  }

  #read(id: string, kind: string): string {
    const file = this.#file(id, kind);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    rmSync(file, { force: true });
    return text;
  }

  /** Only what the action needs: an input, or an output of an earlier step, which is empty where there is none. */
  #expand(text: string): string {
    return text.replace(/\$\{\{ (\S+) \}\}/g, (_, path: string) => {
      const [scope, name = '', , output = ''] = path.split('.');
      const value = scope === 'inputs' ? this.#inputs[name] : (this.#outputs.get(name)?.[output] ?? '');
      if (value === undefined) throw new Error(`nothing is called ${path}`);
      return value;
    });
  }
}

function codeOf({ code, signal }: RunResult): number | null {
  return signal === null ? code : -1;
}

/** @throws Error for what fails a step on a runner: a line that is neither a value nor the begin of one, or no end */
export function outputsIn(text: string): Texts {
  const lines = text.split('\n');
  const values: Record<string, string> = {};
  while (lines.length > 1) {
    const line = lines.shift() ?? '';
    const [, name = '', end] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    const length = end === undefined ? -1 : lines.indexOf(end);
    if (length === -1) throw new Error(`no output: ${line}`);
    values[name] = lines
      .splice(0, length + 1)
      .slice(0, -1)
      .join('\n');
  }
  return values;
}

/** As the runner finds them: at the begin of a line, after blanks, or in the older form anywhere in it. */
function commandsIn(log: string): string[] {
  let token: string | undefined;
  const commands: string[] = [];
  for (const line of log.split('\n')) {
    const text = line.trimStart();
    if (token !== undefined) {
      if (text.startsWith(`::${token}::`)) token = undefined;
      continue;
    }
    token = /^::stop-commands::(.+)$/.exec(text)?.[1];
    if (token === undefined && (/^::[\w-]+.*?::/.test(text) || line.includes('##['))) commands.push(text);
  }
  return commands;
}
