import { basename } from 'node:path';
import { argumentsDigest, commandEnvironment } from './command-driver.ts';
import type { WarmContext } from './driver.ts';
import type { CredentialSource } from './driver-choice.ts';
import { type FailedAnswer, failed } from './failed-answer.ts';
import { type ProgramEnd, runProgram } from './program.ts';

export interface Credential {
  readonly kind: 'credential';
  readonly value: string;
}

export interface HelperPlace extends Pick<WarmContext, 'cwd' | 'timeoutMs' | 'onProcess'> {
  readonly env: NodeJS.ProcessEnv;
}

const HELPER_MS = 10_000;

/** Reads it anew: it may have changed since the last request. No failure shows any of it. Never throws. */
export async function readCredential(
  source: CredentialSource,
  place: HelperPlace,
  signal: AbortSignal,
): Promise<Credential | FailedAnswer> {
  if (source.kind === 'environment') {
    return checked(place.env[source.variable] ?? '', `the environment variable ${source.variable}`);
  }
  const timeoutMs = Math.min(HELPER_MS, place.timeoutMs);
  const env = commandEnvironment(place.env);
  const { cwd, onProcess } = place;
  const end = await runProgram({ argv: source.argv, cwd, env, timeoutMs, ...(onProcess && { onProcess }) }, signal);
  if (end.kind === 'exited' && end.code === 0) return checked(end.stdout, 'the credential helper');
  if (end.kind === 'aborted') return failed('aborted', 'called off before the request', { retryable: true });
  return failed('driver_unavailable', `the credential helper ${howOf(end)}`, { retryable: end.kind === 'timed-out' });
}

/** Says where it comes from, to tell apart what is not the same one. */
export function nameOfSource(source: CredentialSource): string {
  if (source.kind === 'environment') return source.variable;
  return `helper:${basename(source.argv[0] ?? '')}#${argumentsDigest(source.argv)}`;
}

/** What can stand in a header, and is one word: two lines would be a message and no credential. */
function checked(text: string, origin: string): Credential | FailedAnswer {
  const value = text.trim();
  if (value === '') return failed('driver_unavailable', `${origin} gives no credential`);
  if (!/^[!-~]{1,8192}$/.test(value)) return failed('driver_unavailable', `${origin} gives no usable credential`);
  return { kind: 'credential', value };
}

function howOf(end: Exclude<ProgramEnd, { kind: 'aborted' }>): string {
  switch (end.kind) {
    case 'exited':
      return `exited with ${end.code}`;
    case 'killed':
      return `was killed by ${end.by}`;
    case 'timed-out':
      return 'took too long';
    case 'not-started':
      return `could not be started: ${end.code}`;
  }
}
