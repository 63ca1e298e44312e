import type { Hints } from '@csa/calls';
import { cleanLine } from '@csa/markers';
import { projectOf, Refusal, stateRoots } from '@csa/session';
import {
  type Agent,
  agentFiles,
  FileRefusal,
  type Place,
  type PlannedFile,
  type PlannedUndo,
  type Program,
  placeName,
  planSetup,
  planUndo,
  SetupStore,
  writePlanned,
  writeUndo,
} from '@csa/setup';
import { failedCommand } from '../failed-command.ts';
import { reportFailure } from '../failure.ts';
import { answer, type Report } from '../report.ts';
import { writeFully } from '../write-fully.ts';
import { describePlanned, describeUndo, type FileReport } from './file-report.ts';
import { nextSteps } from './next-steps.ts';
import { homesOf, setupProgram } from './setup-program.ts';
import { type SetupSummary, setupJson, setupWords } from './setup-report.ts';

/** What the command line asks for. */
export interface SetupWish {
  readonly agent: Agent;
  readonly project: boolean;
  readonly print: boolean;
  readonly undo: boolean;
  readonly json: boolean;
  readonly allow: Program['allow'];
}

/** The program that agents are to run. */
export interface Own {
  readonly words: readonly string[];
  readonly hints: Hints;
}

/** What is planned for all files, and how each is carried out. */
interface Work {
  readonly files: readonly FileReport[];
  readonly steps: readonly (() => void)[];
  readonly next: readonly string[];
}

const STDOUT = 1;

/** Shows what changes, then changes it. @throws Refusal */
export async function runSetup(wish: SetupWish, own: Own, env: NodeJS.ProcessEnv): Promise<Report> {
  const store = new SetupStore(stateRoots(env).primary);
  const hold = wish.print ? undefined : await store.hold();
  const done: string[] = [];
  try {
    return answerSetup(wish, { own, store, env }, done);
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error;
    return refusalReport(error, { done, wish });
  } finally {
    hold?.release();
  }
}

interface Surroundings {
  readonly own: Own;
  readonly store: SetupStore;
  readonly env: NodeJS.ProcessEnv;
}

/** @param done grows by the path of each file that is written */
function answerSetup(wish: SetupWish, around: Surroundings, done: string[]): Report {
  const { agent, print, undo, json } = wish;
  const place: Place = wish.project ? { kind: 'project', directory: projectOf('.') } : { kind: 'user' };
  const { files, steps, next } = undo ? undoing(agent, place, around.store) : settingUp(wish, place, around);
  const summary: SetupSummary = {
    agent,
    place: placeName(place),
    action: undo ? 'undo' : 'set-up',
    print,
    files,
    next,
  };
  if (!json) show(files.flatMap(({ diff }) => diff));
  if (!print) carryOut({ files, steps }, done);
  return json ? answer([setupJson(summary)]) : answer([], setupWords(summary));
}

function settingUp({ agent, allow }: SetupWish, place: Place, { own, store, env }: Surroundings): Work {
  const program = setupProgram(own.words, own.hints, allow);
  const planned = planSetup(agent, agentFiles(agent, { program, place, homes: homesOf(env) }), store);
  return {
    files: planned.map(describePlanned),
    steps: planned.map((file: PlannedFile) => () => writePlanned(file, { agent, place }, store)),
    next: nextSteps(agent, place, program),
  };
}

function undoing(agent: Agent, place: Place, store: SetupStore): Work {
  const planned = planUndo(agent, placeName(place), store);
  return {
    files: planned.map(describeUndo),
    steps: planned.map((undo: PlannedUndo) => () => writeUndo(undo, store)),
    next: [],
  };
}

function carryOut({ files, steps }: Pick<Work, 'files' | 'steps'>, done: string[]): void {
  for (const [index, step] of steps.entries()) {
    step();
    const file = files[index];
    if (file !== undefined && file.diff.length > 0) done.push(file.path);
  }
}

/** Before anything is written: a change that nobody could read is not made. @throws Refusal reason=output-lost */
function show(lines: readonly string[]): void {
  if (lines.length === 0) return;
  if (writeFully(STDOUT, Buffer.from(`${lines.join('\n')}\n`, 'utf8')) !== 'failed') return;
  throw new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written, nothing was changed',
    expected: 'room for the diff',
    got: 'a write that failed',
    next: 'Free some space, or send it elsewhere',
  });
}

/** The last line of standard error stays the marker. */
function refusalReport(error: FileRefusal, { done, wish }: { done: readonly string[]; wish: SetupWish }): Report {
  const report = reportFailure(error, failedCommand(['setup', ...(wish.json ? ['--json'] : [])]));
  const written = done.map((path) => `csa: ${cleanLine(path)} was written before; --undo takes it back`);
  const lines = error.paste.length === 0 ? [] : [`csa: the lines for ${cleanLine(error.path)}:`, ...error.paste];
  return { ...report, stderr: [...written, ...lines, ...report.stderr] };
}
