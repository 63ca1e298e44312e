import type { Usage } from './usage.ts';

/** Stands in until the real one is merged. */
export function normaliseUsage(raw: unknown): Usage | null {
  if (typeof raw !== 'object' || raw === null || !('input_tokens' in raw)) return null;
  const count = (value: unknown) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null);
  const counts = raw as Record<string, unknown>;
  const split = (counts['cache_creation'] ?? {}) as Record<string, unknown>;
  return {
    input: count(counts['input_tokens']),
    read: count(counts['cache_read_input_tokens'] ?? counts['cached_input_tokens']),
    write: count(counts['cache_creation_input_tokens']),
    writeHour: count(split['ephemeral_1h_input_tokens']),
    output: count(counts['output_tokens']),
  };
}
