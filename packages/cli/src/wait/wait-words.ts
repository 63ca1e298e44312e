import { styleText } from 'node:util';
import { describeDuration, signalOf } from '@csa/calls';
import { nextWait, sameWait, type WaitStory } from '@csa/calls/wait';
import { cleanLine } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import type { Wording } from './worded-wait.ts';

/** The end of a wait, for people. */
export type SpokenWait = WaitStory & Pick<Wording, 'isCi' | 'hasColour'>;

const MAX_SUMMARY_BYTES = 400;
const MAX_WARNINGS = 3;
const GOOD = new Set(['success', 'retired']);
const AGAIN = { 're-wait': 'Wait again', background: 'Wait in the background' };

/** The same answer for people, on standard error. */
export function waitWords(story: SpokenWait, exitCode: number): string[] {
  const { end, elapsedMs } = story.waited;
  const name = `session ${story.session}${story.resolved === undefined ? '' : ` (now ${story.resolved})`}`;
  const waited = describeDuration(elapsedMs);
  const paint: Paint = (colour, text) =>
    story.hasColour === true ? styleText(colour, text, { validateStream: false }) : text;
  switch (end.kind) {
    case 'finished':
      return finishedWords({ name, end, exitCode, paint });
    case 'alive':
      return aliveWords(story, `${name} is alive after waiting ${waited}`);
    case 'dead':
      return deadWords(story, name, paint);
    case 'undetermined':
      return [
        `${name}: nobody can say whether it lives (${end.reason}), after waiting ${waited}.`,
        ...provisionalWords(end.provisional),
        `Wait again: ${sameWait(story)}`,
      ];
    case 'interrupted':
      return [`The wait ended (${story.interruption}); ${name} goes on. Wait again: ${sameWait(story)}`];
    case 'lost':
      return [
        `${name}: its directory was removed or replaced while waiting: nothing can be said of it any more, and its command may still run.`,
      ];
    case 'alias-trouble':
      return [`${name} stands for another session that cannot be followed (${end.reason}).`];
  }
}

type Paint = (colour: 'red' | 'green', text: string) => string;

interface FinishedStory {
  readonly name: string;
  readonly end: Extract<WaitEnd, { kind: 'finished' }>;
  readonly exitCode: number;
  readonly paint: Paint;
}

function finishedWords({ name, end: { outcome, reason }, exitCode, paint }: FinishedStory): string[] {
  const status = cleanLine(outcome.status, 60);
  const facts = [
    `exit ${outcome.exitCode}`,
    outcome.exitCode === exitCode ? undefined : `passed on as ${exitCode}`,
    outcome.processExitCode === undefined
      ? undefined
      : `by its own report; the process exited with ${outcome.processExitCode}`,
    signalOf(outcome),
    reason ?? (outcome.detail === undefined ? undefined : cleanLine(outcome.detail, 100)),
  ].filter((fact) => fact !== undefined);
  // A status that reads like a success is none unless the code says so too, and the other way round.
  const verdict =
    outcome.success || !(GOOD.has(status) || outcome.exitCode === 0) ? status : `failure, status ${status}`;
  const summary = cleanLine(outcome.summary ?? '', MAX_SUMMARY_BYTES);
  return [
    `${name} finished: ${paint(outcome.success ? 'green' : 'red', verdict)} (${facts.join(', ')})`,
    ...(summary === '' ? [] : [`  ${summary}`]),
    ...(outcome.warnings ?? [])
      .slice(0, MAX_WARNINGS)
      .map((warning) => `  warning: ${cleanLine(warning, MAX_SUMMARY_BYTES)}`),
  ];
}

function aliveWords(story: SpokenWait, lead: string): string[] {
  const { end } = story.waited;
  const next = nextWait(story);
  const last = story.hasOutput ? `last output ${describeDuration(story.idleMs ?? 0)} ago` : 'no output yet';
  const idle = story.idleMs === undefined ? '' : `, ${last}`;
  const stalled = story.stalled ? ' Its supervisor is stopped (SIGSTOP) and will not move until it is continued.' : '';
  return [
    `${lead}${idle}.${stalled}`,
    ...provisionalWords(end.kind === 'alive' ? end.provisional : undefined),
    ...aliveInCiWords(story),
    `This is no failure. ${AGAIN[next.action]}: ${next.cmd}`,
  ];
}

/** The one thing that a CI script must hear, whatever form it asked for. */
export function aliveInCiWords({ waited, isCi, aliveExitCode }: SpokenWait): string[] {
  if (waited.end.kind !== 'alive' || !isCi || aliveExitCode !== 0) return [];
  return [
    'In CI an alive session must not pass for a finished one: wait with --until-done, or give --alive-exit-code 75.',
  ];
}

function deadWords(story: SpokenWait, name: string, paint: Paint): string[] {
  const survivor =
    story.survivor === undefined
      ? []
      : [
          `Its command still runs as process ${story.survivor}: end it before you start it again: ${story.hints.session('stop', story.target)}`,
        ];
  return [`${name} is ${paint('red', 'dead')}: its supervisor is gone and recorded no result.`, ...survivor];
}

function provisionalWords(status: string | undefined): string[] {
  if (status === undefined) return [];
  return [
    `A result (${cleanLine(status, 60)}) is there, but its daemon lives and may still rewrite it; --trust-result takes it as it is.`,
  ];
}
