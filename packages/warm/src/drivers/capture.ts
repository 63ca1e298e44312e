import { lstatSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf, writeAtomically } from '@csa/session';
import { CAPTURE_SCHEMA, type CapturedRequest, MAX_CAPTURE_BYTES } from './capture-file.ts';
import { pruneBeside } from './prune-capture.ts';
import { headerValue, isCredentialHeader, lastingHeaders } from './request-headers.ts';

/** A request as an agent sends it. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  /** Of a `Headers`, or by their names. */
  readonly headers: Readonly<Record<string, string>> | Iterable<readonly [string, string]>;
  /** Exactly what is sent. */
  readonly body: string | Uint8Array;
  /** When it begins, in milliseconds since the epoch; now unless given. */
  readonly at?: number;
}

export type CaptureOutcome = { readonly kind: 'captured' } | { readonly kind: 'skipped'; readonly why: string };

/** Nobody writes for so long: a temporary file that is older was left, with a whole prompt in it, by one that was killed. */
const OLD_MS = 60_000;

/**
 * Writes down the last request of a conversation, in the place of the one before, for its owner alone and without
 * credentials. What is no request to /v1/messages is skipped. It never throws: a request is not to fail because it
 * could not be captured.
 */
export function captureRequest(path: string, request: OutgoingRequest): CaptureOutcome {
  try {
    const captured = capturedOf(request);
    if (captured === undefined) return { kind: 'skipped', why: 'no request to /v1/messages with a whole body' };
    if (hasSecretQuery(captured.path)) return { kind: 'skipped', why: 'its address holds a credential' };
    const line = `${JSON.stringify(captured)}\n`;
    if (Buffer.byteLength(line) > MAX_CAPTURE_BYTES) return { kind: 'skipped', why: 'too large' };
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    removeAbandoned(path);
    // Not again and again while a conversation goes on: there may be many files.
    if (isOld(path) !== false) pruneBeside(path);
    writeAtomically(path, line);
    return { kind: 'captured' };
  } catch (error) {
    return { kind: 'skipped', why: `it could not be written: ${errnoOf(error) ?? 'unknown error'}` };
  }
}

function capturedOf(request: OutgoingRequest): CapturedRequest | undefined {
  const { method, url, body, at = Date.now() } = request;
  const path = /\/v1\/messages(?:\?[^#]*)?$/.exec(url.replace(/#.*$/s, ''))?.[0];
  if (method.toUpperCase() !== 'POST' || path === undefined) return undefined;
  // A stream can be read only once, and that is the provider's.
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined;
  const headers = headersOf(request);
  const credential = schemeOf(headers);
  return {
    schema: CAPTURE_SCHEMA,
    at,
    method: 'POST',
    path,
    headers: lastingHeaders(headers),
    ...(credential !== undefined && { credential }),
    ...bodyOf(body),
  };
}

/** Without it the request could not be made again, and with it nobody may write it down. */
function hasSecretQuery(path: string): boolean {
  const names = [...new URLSearchParams(path.replace(/^[^?]*/, '')).keys()];
  return names.some((name) => /^key$/i.test(name) || isCredentialHeader(name));
}

function headersOf({ headers }: OutgoingRequest): Record<string, string> {
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

/** Under which name the credential goes, never what it is. */
function schemeOf(headers: Readonly<Record<string, string>>): CapturedRequest['credential'] {
  if (headerValue(headers, 'x-api-key') !== '') return 'x-api-key';
  return /^bearer /i.test(headerValue(headers, 'authorization')) ? 'bearer' : undefined;
}

function bodyOf(body: string | Uint8Array): Pick<CapturedRequest, 'body' | 'body_base64'> {
  const bytes = Buffer.from(body as Uint8Array);
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { body: text } : { body_base64: bytes.toString('base64') };
}

function removeAbandoned(path: string): void {
  const directory = dirname(path);
  const isTemporary = (name: string) => name.startsWith(`.${basename(path)}.`) && /\.[0-9a-f]{12}$/.test(name);
  for (const name of readdirSync(directory).filter(isTemporary)) {
    const temporary = join(directory, name);
    if (isOld(temporary) === true) unlinkSync(temporary);
  }
}

/** `undefined`: it is not there. */
function isOld(path: string): boolean | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats && Date.now() - stats.mtimeMs > OLD_MS;
}
