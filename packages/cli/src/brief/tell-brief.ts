import { type BriefReading, MAX_BYTES, maxAgeMs, readBrief } from '@csa/brief';
import { openSource } from '@csa/calls/brief';
import type { LookupScope } from '@csa/session';
import { ownHints } from '../program.ts';
import type { Report } from '../report.ts';
import { readingNotes } from './brief-words.ts';
import type { BriefForm, HookWish } from './hook-wish.ts';
import { projectsOfCaller } from './projects-of-caller.ts';

/** How long rendering may take; whoever waits for a conversation to begin gives up a little later. */
const CAP_MS = 10_000;

/** What a conversation is told as it begins: the brief of its project, or nothing. @throws Refusal */
export async function tellBrief(wish: HookWish, env: NodeJS.ProcessEnv): Promise<Report> {
  const told = await Promise.all(projectsOfCaller(wish.cd, env).map((scope) => readOne(scope, env)));
  return {
    exitCode: 0,
    stdout: together(told.map(textOf)).map((text) => formed(text, wish.form)),
    stderr: told.flatMap((reading) => readingNotes(reading, maxAgeMs(env), wish.verbose)),
  };
}

/** The lines of as many briefs as there is room for: a client cuts out the middle of what is longer. */
export function together(texts: readonly string[]): string[] {
  const all = texts.filter((text) => text !== '').map((text) => text.trimEnd());
  const joined = all.join('\n\n');
  // The end of its last line counts, too.
  const shown = Buffer.byteLength(joined) >= MAX_BYTES ? (all[0] ?? '') : joined;
  return shown === '' ? [] : [shown];
}

/** As the agent's hook reads it. */
function formed(text: string, form: BriefForm | undefined): string {
  if (form === 'cursor') return JSON.stringify({ additional_context: text });
  if (form === undefined) return text;
  return JSON.stringify({ hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: text } });
}

function readOne(scope: LookupScope, env: NodeJS.ProcessEnv): Promise<BriefReading> {
  const { places, source } = openSource(scope, ownHints(env));
  const suits = (text: string): boolean => source.isWordedAsOurs(text);
  return readBrief(places, source, { maxAgeMs: maxAgeMs(env), now: Date.now(), capMs: CAP_MS, suits });
}

function textOf(reading: BriefReading): string {
  return reading.kind === 'none' ? '' : reading.text;
}
