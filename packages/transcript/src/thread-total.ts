import { type Entry, entryAt, parseEntry, tokensAt } from './json-line.ts';
import { type TranscriptFile, tailsOf, withTranscript } from './transcript-file.ts';
import type { TurnTokens } from './turn.ts';

/**
 * What a Codex thread has used from its beginning on, by the last count in its rollout: a fork of it goes on counting
 * from there. `undefined` where that is not told. Never throws, never blocks.
 */
export function threadTotal(path: string): TurnTokens | undefined {
  return withTranscript(path, totalIn, undefined);
}

function totalIn(file: TranscriptFile): TurnTokens | undefined {
  for (const lines of tailsOf(file)) {
    const total = lines.map(totalOf).findLast((tokens) => tokens !== undefined);
    if (total !== undefined) return total;
  }
  return undefined;
}

function totalOf(line: string): TurnTokens | undefined {
  if (!line.includes('"token_count"')) return undefined;
  const payload = entryAt(parseEntry(line), 'payload');
  return payload?.['type'] === 'token_count'
    ? tokensOf(entryAt(entryAt(payload, 'info'), 'total_token_usage'))
    : undefined;
}

function tokensOf(total: Entry | undefined): TurnTokens | undefined {
  const prompt = tokensAt(total, 'input_tokens');
  const read = tokensAt(total, 'cached_input_tokens');
  if (prompt === undefined || read === undefined) return undefined;
  const write = tokensAt(total, 'cache_write_input_tokens') ?? 0;
  const output = tokensAt(total, 'output_tokens') ?? 0;
  return { input: Math.max(0, prompt - read - write), read, write, writeHour: 0, output };
}
