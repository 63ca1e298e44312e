import { type RefreshOutcome, readBrief, refreshBrief, renderBrief, tellingTo } from '@csa/brief';
import { NO_ANSWER_EXIT } from '@csa/calls';
import {
  briefDocument,
  openSource,
  type ProjectBrief,
  projectsWithSessions,
  type RefreshFields,
  type ToldBrief,
} from '@csa/calls/brief';
import { cleanLine } from '@csa/markers';
import { type LookupScope, Refusal } from '@csa/session';
import { ownHints } from '../program.ts';
import { answer, type Report } from '../report.ts';
import { errorWords, readingNotes, refreshWords } from './brief-words.ts';

export interface BriefWish {
  readonly allProjects: boolean;
  readonly refresh: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** A file that was just written is read back however slowly that goes: somebody waits for it by hand. */
const PATIENCE_MS = 600_000;

/** The brief as it is now, of one project or of all. @throws Refusal */
export async function answerBrief(scope: LookupScope, wish: BriefWish, env: NodeJS.ProcessEnv): Promise<Report> {
  if (wish.refresh) return refreshedBrief(scope, wish, env);
  if (wish.allProjects) return everyBrief(projectsWithSessions(scope.roots), wish, env);
  const told = await liveBrief(openSource(scope, ownHints(env)));
  const stdout = wish.json ? [JSON.stringify(briefDocument([told], null))] : briefLines([told], scope.project);
  return answer(stdout, liveNotes(wish));
}

/** A project that cannot be read hides no other; but what is told then is not all that was asked for. */
async function everyBrief(scopes: readonly LookupScope[], wish: BriefWish, env: NodeJS.ProcessEnv): Promise<Report> {
  const told: ToldBrief[] = [];
  const troubles: string[] = [];
  for (const scope of scopes) {
    try {
      const brief = await liveBrief(openSource(scope, ownHints(env)));
      if (brief.text !== '') told.push(brief);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      troubles.push(`csa: no brief of ${cleanLine(scope.project)}: ${errorWords(error)}`);
    }
  }
  const isSilent = troubles.length > 0 && told.length === 0;
  const lines = isSilent ? [] : briefLines(told, 'any project that can be read');
  const stdout = wish.json ? [JSON.stringify(briefDocument(told, null))] : lines;
  const notes = [...troubles, ...liveNotes(wish)];
  return troubles.length > 0 ? { exitCode: NO_ANSWER_EXIT, stdout, stderr: notes } : answer(stdout, notes);
}

function liveNotes({ verbose }: BriefWish): string[] {
  return verbose ? ['rendered live'] : [];
}

/** Refreshes the file, then tells what is so, from the file where that says so. */
async function refreshedBrief(
  scope: LookupScope,
  { json, verbose }: BriefWish,
  env: NodeJS.ProcessEnv,
): Promise<Report> {
  const { places, source } = openSource(scope, ownHints(env));
  const outcome = await refreshBrief(places, source, { trigger: 'forced', minIntervalMs: 0, tell: tellingTo(places) });
  // Also where the file was left as it is: what is remembered may have been lost.
  source.remember();
  const reading = await readBrief(places, source, { maxAgeMs: 0, now: Date.now(), capMs: PATIENCE_MS });
  const content = await source.content();
  const told: ToldBrief =
    reading.kind === 'hit'
      ? { origin: { from: 'file', ageMs: reading.ageMs }, text: reading.text, content }
      : { origin: { from: 'live' }, text: renderBrief(content), content };
  const fields = refreshFields(outcome, places.payload);
  const stdout = json ? [JSON.stringify(briefDocument([told], fields))] : briefLines([told], scope.project);
  const notes = [refreshWords(outcome, places.payload), ...readingNotes(reading, 0, verbose)];
  return outcome.kind === 'failed' ? { exitCode: NO_ANSWER_EXIT, stdout, stderr: notes } : answer(stdout, notes);
}

async function liveBrief({ source }: ProjectBrief): Promise<ToldBrief> {
  const content = await source.content();
  return { origin: { from: 'live' }, text: renderBrief(content), content };
}

function briefLines(briefs: readonly ToldBrief[], place: string): string[] {
  const texts = briefs.flatMap(({ text }) => (text === '' ? [] : [text.trimEnd()]));
  return texts.length === 0 ? [nothingIn(place)] : [texts.join('\n\n')];
}

function nothingIn(place: string): string {
  return `Nothing to tell in ${cleanLine(place)}: no session is alive, and none has ended that was not collected.`;
}

function refreshFields(outcome: RefreshOutcome, file: string): RefreshFields {
  const isThere = outcome.kind === 'written' || outcome.kind === 'unchanged-bytes';
  return {
    outcome: outcome.kind === 'unchanged-bytes' ? 'unchanged' : outcome.kind,
    reason: outcome.kind === 'skipped' ? outcome.reason : null,
    error: outcome.kind === 'failed' ? errorWords(outcome.error) : null,
    file: cleanLine(file),
    rendered_chars: isThere ? outcome.renderedChars : null,
    watermark: isThere ? outcome.watermark : null,
  };
}
