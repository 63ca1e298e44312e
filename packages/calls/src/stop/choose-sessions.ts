import { parseIdOrPrefix, Refusal, SESSION_COOKIE } from '@csa/session';
import type { HintTarget } from '../hints.ts';
import { parseLabels } from '../label.ts';
import { surveySessions } from '../list/survey.ts';
import { contradiction, type Located, locate, lookupScope } from '../locate.ts';

/** Which sessions are to be stopped, as typed. */
export interface StopWish {
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly labels: readonly string[];
  readonly cd?: string | undefined;
  readonly dir?: string | undefined;
}

/** A session to be stopped, or why the word that was typed names none. */
export type Choice =
  | { readonly kind: 'located'; readonly located: Located }
  | { readonly kind: 'refused'; readonly id: string; readonly refusal: Refusal };

export interface Chosen {
  readonly choices: readonly Choice[];
  /** The project whose sessions were looked through. */
  readonly project?: string;
  /** The session in which this very stop runs: it would end the stop before the others are ended. */
  readonly leftOut?: HintTarget;
}

/** Whether one session is named, so that the answer is about that one. */
export function isOne({ ids, all, labels }: StopWish): boolean {
  return ids.length < 2 && !all && labels.length === 0;
}

/**
 * The sessions of the words, each once; with --all or labels those of the project that have not finished, dead ones
 * only if something of them still runs.
 * @throws Refusal reason=usage | invalid-id | bad-label | invalid-directory | state-root-unreadable
 */
export async function chooseSessions(wish: StopWish, env: NodeJS.ProcessEnv): Promise<Chosen> {
  refuseContradiction(wish);
  if (wish.all || wish.labels.length > 0) return chooseUnfinished(wish, env);
  // What can be no id is a slip of the command line, and found before anything is touched.
  for (const id of wish.ids) parseIdOrPrefix(id);
  return { choices: eachOnce(wish.ids.map((id) => locateWord(id, wish, env))) };
}

function locateWord(id: string, { cd }: StopWish, env: NodeJS.ProcessEnv): Choice {
  try {
    return { kind: 'located', located: locate({ id, cd }, env) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', id, refusal: error };
  }
}

async function chooseUnfinished({ labels, cd }: StopWish, env: NodeJS.ProcessEnv): Promise<Chosen> {
  const filter = { states: new Set(['alive', 'dead', 'unknown'] as const), labels: parseLabels(labels) };
  const scope = lookupScope(cd, env);
  const choices: Choice[] = [];
  let leftOut: HintTarget | undefined;
  for await (const { located, looked } of surveySessions(scope, { filter })) {
    if (looked.waited.end.kind === 'dead' && looked.survivor === undefined) continue;
    if (looked.session.id === env[SESSION_COOKIE]) leftOut = located.target;
    // A wrapper and the session that it stands for are one.
    else choices.push({ kind: 'located', located: { ...located, session: looked.session } });
  }
  return { choices: eachOnce(choices), project: scope.project, ...(leftOut === undefined ? {} : { leftOut }) };
}

function eachOnce(choices: readonly Choice[]): Choice[] {
  const keys = choices.map((choice) => (choice.kind === 'located' ? choice.located.session.directory : choice.id));
  return choices.filter((_, i) => keys.indexOf(keys[i] ?? '') === i);
}

function refuseContradiction({ ids, all, labels, dir, cd }: StopWish): void {
  const named = [...ids, ...(dir === undefined ? [] : ['--dir'])];
  const chosen = all ? '--all' : labels.length > 0 ? '--label' : undefined;
  if (chosen !== undefined && named.length > 0)
    throw contradiction('either sessions or --all', `${chosen} and ${named[0]}`);
  if (dir !== undefined && ids.length > 1) throw contradiction('one session with --dir', `${ids.length}`);
  if (dir !== undefined && cd !== undefined) throw contradiction('only one of --dir and --cd', 'both');
}
