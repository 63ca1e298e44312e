import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { errnoOf, ownTroubleOf } from '@csa/session';
import { isObject } from './json-object.ts';

export const CAPTURE_SCHEMA = 'csa.request-capture/1';

/** A line of a capture file: JSON, one request. The last line counts. */
export interface CapturedRequest {
  readonly schema: typeof CAPTURE_SCHEMA;
  /** When the request began, in milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** From /v1/messages on, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How the caller makes itself known. */
  readonly credential?: 'x-api-key' | 'bearer';
  /** The exact text. */
  readonly body?: string;
  /** In its place, where the body is no UTF-8. */
  readonly body_base64?: string;
}

export type CaptureReading =
  | { readonly kind: 'captured'; readonly request: CapturedRequest }
  /** Nobody has written one so far. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly why: string }
  /** Trouble of our own (EMFILE, EIO), which may pass. */
  | { readonly kind: 'unreadable'; readonly code: string };

/** A provider takes 32 MiB; in base64, with its headers, no request needs more than this. */
export const MAX_CAPTURE_BYTES: number = 64 * 1024 * 1024;
const OTHERS = 0o077;

/** Reads the last request of a capture file. Never throws, and never follows a link nor waits for a FIFO's writer. */
export function readCapture(path: string): CaptureReading {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const why = whyNot(fd);
      return why === undefined ? readLastLine(readFileSync(fd, 'utf8')) : unusable(why);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const own = ownTroubleOf(error);
    if (own !== undefined) return { kind: 'unreadable', code: own };
    const code = errnoOf(error);
    if (code === 'ENOENT') return { kind: 'missing' };
    return unusable(code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read: ${code ?? 'unknown error'}`);
  }
}

/** When the last captured request began, in milliseconds since the epoch: from there its prefix lives. */
export function lastCaptureTime(path: string): number | undefined {
  const reading = readCapture(path);
  return reading.kind === 'captured' ? reading.request.at : undefined;
}

/** It is going to be sent with the user's credential, and shows the user's prompt. */
function whyNot(fd: number): string | undefined {
  const stats = fstatSync(fd);
  if (!stats.isFile()) return 'it is not a regular file';
  if (stats.uid !== process.getuid?.()) return "it is another user's";
  if ((stats.mode & OTHERS) !== 0) return 'others may read or write it: its mode must be 0600';
  if (stats.size > MAX_CAPTURE_BYTES) return 'it is too large';
  return undefined;
}

function readLastLine(text: string): CaptureReading {
  const end = text.trimEnd();
  if (end === '') return { kind: 'missing' };
  try {
    const request: unknown = JSON.parse(end.slice(end.lastIndexOf('\n') + 1));
    return isCaptured(request) ? { kind: 'captured', request } : unusable('its last line is no captured request');
  } catch {
    return unusable('its last line is not JSON');
  }
}

function isCaptured(value: unknown): value is CapturedRequest {
  if (!isObject(value)) return false;
  const { schema, at, method, path, headers, credential, body, body_base64: encoded } = value;
  return (
    schema === CAPTURE_SCHEMA &&
    Number.isSafeInteger(at) &&
    typeof method === 'string' &&
    typeof path === 'string' &&
    isObject(headers) &&
    Object.values(headers).every((header) => typeof header === 'string') &&
    (credential === undefined || credential === 'x-api-key' || credential === 'bearer') &&
    typeof (body ?? encoded) === 'string' &&
    (body === undefined || encoded === undefined)
  );
}

function unusable(why: string): CaptureReading {
  return { kind: 'unusable', why };
}
