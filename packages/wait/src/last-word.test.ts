import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  openNamedDirectory,
  publishResult,
  readDaemon,
  readMetadata,
  recordCompletion,
  type Session,
} from '@csa/session';
import { fixtureNames, hashTree, materialize } from '@csa/testkit';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { readLastWord } from './last-word.ts';
import { SessionSource } from './session-source.ts';
import {
  foreignSession,
  type Living,
  livingSession,
  RESULT,
  RESULT_TEXT,
  resumeTarget,
  steppingSession,
} from './sessions.test.fixture.ts';
import type { Verdict } from './verdict.ts';

/** The verdict of a whole look, as far as a last word can tell it; `undefined` where it has not finished for good. */
async function wholeLook(session: Session): Promise<Verdict | undefined> {
  const seen = await new SessionSource(session).observe();
  if (seen.kind !== 'session' || seen.session !== session.id) return undefined;
  const { daemon, completion, result, publishedOnce } = seen;
  const fact = daemon.state === 'dead' ? ({ state: 'dead' } as const) : daemon;
  const verdict = decide({ daemon: fact, completion, result, publishedOnce, trustResult: false, capReached: false });
  return verdict.kind === 'finished' && publishedOnce && verdict.reason === undefined
    ? { ...verdict, daemonAlive: false }
    : undefined;
}

type Change = (session: Session) => void;

function written(name: string, text: string): Change {
  return (session) => writeFileSync(join(session.directory, name), text);
}

const none: Change = () => {};
const PROMISE = 'tool = "make"\ntool_locked = true\nresult_published = "once"\n';

const DAEMONS: readonly Change[] = [
  none,
  written('daemon.pid', '4194304 1\n'),
  written('daemon.pid', ''),
  (session) => rmSync(join(session.directory, 'daemon.pid')),
];
const RESULTS: readonly Change[] = [
  none,
  written('result.toml', RESULT_TEXT),
  written('result.toml', RESULT_TEXT.replace('"success"', '"retired"')),
  written('result.toml', RESULT_TEXT.replace('exit_code = 0', 'exit_code = 3')),
  written('result.toml', RESULT_TEXT.replace('"success"', '"tier_failover_superseded"')),
  written('result.toml', RESULT_TEXT.slice(0, 40)),
  (session) => mkdirSync(join(session.directory, 'result.toml')),
];
const COMPLETIONS: readonly Change[] = [none, (session) => recordCompletion(session, { exitCode: 7 })];
const PROMISES: readonly Change[] = [
  written('metadata.toml', PROMISE),
  written('metadata.toml', 'tool = "make"\n'),
  written('metadata.toml', '?'),
];
const ALIASES: readonly Change[] = [none, written('resume-target.toml', '?')];

/** Every choice of one change from each list. */
function combinations([first, ...rest]: readonly (readonly Change[])[]): Change[][] {
  if (first === undefined) return [[]];
  const others = combinations(rest);
  return first.flatMap((change) => others.map((changes) => [change, ...changes]));
}

/** Makes every change undone. */
function restorerOf({ directory }: Session): () => void {
  const daemon = readFileSync(join(directory, 'daemon.pid'));
  return () => {
    for (const name of ['result.toml', 'daemon-completion.toml', 'resume-target.toml']) {
      rmSync(join(directory, name), { recursive: true, force: true });
    }
    writeFileSync(join(directory, 'daemon.pid'), daemon);
  };
}

test.each([true, false])(
  'it is the verdict of a whole look, there wherever a result of ours is final; the supervisor lives: %s',
  async (isAlive) => {
    const { session, die } = await livingSession();
    if (!isAlive) die();
    const restore = restorerOf(session);
    let told = 0;
    for (const changes of combinations([DAEMONS, RESULTS, COMPLETIONS, PROMISES, ALIASES])) {
      for (const change of changes) change(session);
      const word = readLastWord(session);
      expect(word?.end).toEqual(await wholeLook(session));
      told += word === undefined ? 0 : 1;
      restore();
    }
    // Three results are final, with a completion or without.
    expect(told).toBe(3 * 2);
  },
);

test.each(fixtureNames())('it is never said of %s, which no supervisor of ours has watched over', (name) => {
  expect(readLastWord(openNamedDirectory(materialize(name).dir))).toBeUndefined();
});

test('it is never said of a wrapper, whatever its own records say', async () => {
  const { session } = await livingSession();
  publishResult(session, RESULT);
  const target = foreignSession({ 'result.toml': RESULT_TEXT });
  writeFileSync(join(session.directory, 'resume-target.toml'), resumeTarget(target.id));
  expect(readLastWord(session)).toBeUndefined();
});

test('it comes with what was read for it, and changes nothing', async () => {
  const { session } = await livingSession();
  publishResult(session, RESULT);
  const before = hashTree(session.directory);
  expect(readLastWord(session)).toEqual({
    end: { kind: 'finished', source: 'result', outcome: { ...RESULT, success: true }, daemonAlive: false },
    records: { daemon: readDaemon(session), metadata: readMetadata(session) },
  });
  expect(hashTree(session.directory)).toBe(before);
});

test('it is not said of a directory that was replaced, or cannot be reached', async () => {
  const { session } = await livingSession();
  publishResult(session, RESULT);
  const moved = join(dirname(session.directory), 'moved');
  const steps = await stepsOf(session);
  for (let step = 0; step < steps; step += 1) {
    // Another directory with the same files takes its place before this read.
    const replaced = steppingSession(session, (now) => {
      if (now === step) {
        cpSync(session.directory, moved, { recursive: true, filter: (path) => !path.endsWith('lifeline') });
        renameSync(session.directory, `${moved}.old`);
        renameSync(moved, session.directory);
      }
      return undefined;
    });
    expect(readLastWord(replaced)).toBeUndefined();
    rmSync(session.directory, { recursive: true });
    renameSync(`${moved}.old`, session.directory);
    const unreachable = steppingSession(session, (now) => (now === step ? `/${'x'.repeat(300)}/session` : undefined));
    expect(readLastWord(unreachable)).toBeUndefined();
  }
  expect(readLastWord(session)).toBeDefined();
});

test('while a supervisor publishes and leaves, it is the end that it publishes, or not said yet', async () => {
  const writes = [
    ({ session }: Living) => publishResult(session, { ...RESULT, status: 'failure', exitCode: 3 }),
    ({ session }: Living) => recordCompletion(session, { exitCode: 3, status: 'failure' }),
    ({ die }: Living) => die(),
  ];
  const finished = await livingSession();
  publishResult(finished.session, RESULT);
  const steps = await stepsOf(finished.session);
  const said = new Set<number | undefined>();
  for (let step = 0; step < steps; step += 1) {
    const living = await livingSession();
    const stepping = steppingSession(living.session, (now) => {
      if (now === step) for (const write of writes) write(living);
      return undefined;
    });
    said.add(readLastWord(stepping)?.end.outcome.exitCode);
  }
  expect(said).toEqual(new Set([undefined, 3]));
});

/** How many times a last word asks for the directory. */
async function stepsOf(session: Session): Promise<number> {
  let steps = 0;
  const counting = steppingSession(session, (step) => {
    steps = step + 1;
    return undefined;
  });
  expect(readLastWord(counting)).toBeDefined();
  return steps;
}
