import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { comparable, type Move, patternOf } from '../src/index.ts';
import type { Exchange } from './exchange.ts';

/** An exchange is what a page's transcript shows. */
export function expectOnPage(exchange: Exchange, transcript: string): void {
  expect(comparable(transcriptOf(exchange))).toMatch(patternOf(transcript));
}

/** What the model has called and what it was given: one call after the other. */
function transcriptOf({ turns, moves }: Exchange): string {
  const answers = turns.at(-1)?.answers ?? [];
  const calls = moves.filter((move) => move.kind === 'call');
  return calls.map((call, i) => `> ${wordsOf(call)}\n${withoutReminders(answers[i]?.text ?? '')}\n`).join('\n');
}

/** The transcripts that stand on a page, in order. */
export function transcriptsOn(page: string): string[] {
  const path = fileURLToPath(new URL(`../../../docs/agents/${page}.md`, import.meta.url));
  return Array.from(readFileSync(path, 'utf8').matchAll(/^```text\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
}

/** The line of a shell as it is; the input of any other tool as JSON. */
function wordsOf({ tool, input }: Extract<Move, { kind: 'call' }>): string {
  const { command, cmd, description: _, ...more } = input;
  const line = command ?? cmd;
  const rest = Object.keys(more).length === 0 ? '' : ` ${JSON.stringify(more)}`;
  return typeof line === 'string' ? `${tool}: ${line}${rest}` : `${tool}${rest}`;
}

/** What Claude Code adds to every answer says nothing of it. */
function withoutReminders(text: string): string {
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '').trim();
}
