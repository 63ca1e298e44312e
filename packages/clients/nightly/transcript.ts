import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Exchange } from './exchange.ts';

/** What a model has called and what it was given, as the pages show it: one call after the other. */
export function transcriptOf({ turns, moves }: Exchange): string {
  const answers = turns.at(-1)?.answers ?? [];
  const calls = moves.flatMap((move) => (move.kind === 'call' ? [`${move.tool} ${JSON.stringify(move.input)}`] : []));
  return calls.map((call, i) => `> ${call}\n${withoutReminders(answers[i]?.text ?? '')}\n`).join('\n');
}

/** The transcripts that stand on a page, in order. */
export function transcriptsOn(page: string): string[] {
  const path = fileURLToPath(new URL(`../../../docs/agents/${page}.md`, import.meta.url));
  return Array.from(readFileSync(path, 'utf8').matchAll(/^```text\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
}

/** Without what differs from one run to the next, each thing replaced by a word for it. */
export function comparable(transcript: string): string {
  return transcript
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, 'ID')
    .replace(/\b[0-9a-f]{6}\b/g, 'CHUNK')
    .replace(/\d+(?:\.\d+)? seconds/g, 'SECONDS')
    .replace(/(?<=session ID |"session_id":)\d+/g, 'PROCESS')
    .replace(/(?<=\b(?:elapsed|idle)[= ])\d+s/g, 'TIME')
    .replace(/(?<=token count: )\d+/g, 'TOKENS')
    .replace(/\S*\/home\/\S*?(?=[\s",]|$)/g, 'PATH');
}

/** What Claude Code adds to every answer says nothing of it. */
function withoutReminders(text: string): string {
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '').trim();
}
