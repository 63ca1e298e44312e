import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Move } from '../src/index.ts';
import type { Exchange } from './exchange.ts';

/** What the model has called and what it was given, as the pages show it: one call after the other. */
export function transcriptOf({ turns, moves }: Exchange): string {
  const answers = turns.at(-1)?.answers ?? [];
  const calls = moves.filter((move) => move.kind === 'call');
  return calls.map((call, i) => `> ${wordsOf(call)}\n${withoutReminders(answers[i]?.text ?? '')}\n`).join('\n');
}

/** The transcripts that stand on a page, in order. */
export function transcriptsOn(page: string): string[] {
  const path = fileURLToPath(new URL(`../../../docs/agents/${page}.md`, import.meta.url));
  return Array.from(readFileSync(path, 'utf8').matchAll(/^```text\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
}

/**
 * A page's transcript as a pattern: a line that is nothing but … stands for any lines, and … within a line for any text
 * in it. What differs from one run to the next may differ.
 */
export function patternOf(transcript: string): RegExp {
  const lines = comparable(transcript).trim().split('\n');
  const patterns = lines.map((line) => (line === '…' ? '(?:[\\s\\S]*\\n)?' : `${lineOf(line)}\\n`));
  return new RegExp(`^${patterns.join('')}$`);
}

/** Without what differs from one run to the next, each thing replaced by a word for it. */
export function comparable(transcript: string): string {
  const plain = transcript
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, 'ID')
    .replace(/(?<=Chunk ID: )\w+/g, 'CHUNK')
    .replace(/\d+(?:\.\d+)?(?= seconds)/g, 'N')
    .replace(/(?<=session ID |"session_id":)\d+/g, 'N')
    .replace(/(?<=PGID: |token count: |_ms": ?)\d+/g, 'N')
    .replace(/\b(?:\d+m )?\d+s\b/g, 'TIME');
  return `${plain.trim()}\n`;
}

function lineOf(line: string): string {
  return line
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*?');
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
