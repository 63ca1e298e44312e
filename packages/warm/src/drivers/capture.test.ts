import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { captureRequest, type OutgoingRequest } from './capture.ts';
import { lastCaptureTime, readCapture } from './capture-file.ts';

const REQUEST: OutgoingRequest = {
  method: 'POST',
  url: 'https://api.anthropic.com/v1/messages?beta=true',
  headers: { 'content-type': 'application/json', 'x-api-key': 'sk-ant-0123456789abcdef' },
  body: '{"model":"m"}',
  at: 1_000,
};

const place = () => join(temporaryDirectory(), 'last.jsonl');

function captured(request: Partial<OutgoingRequest> = {}) {
  const path = place();
  expect(captureRequest(path, { ...REQUEST, ...request })).toEqual({ kind: 'captured' });
  const reading = readCapture(path);
  return reading.kind === 'captured' ? reading.request : expect.fail(reading.kind);
}

describe('a captured request', () => {
  it('is read as it was sent, without its credential', () => {
    const path = place();
    captureRequest(path, REQUEST);
    expect(readCapture(path)).toEqual({
      kind: 'captured',
      request: {
        schema: 'csa.request-capture/1',
        at: 1_000,
        method: 'POST',
        path: '/v1/messages?beta=true',
        headers: { 'content-type': 'application/json' },
        credential: 'x-api-key',
        body: '{"model":"m"}',
      },
    });
    expect(lastCaptureTime(path)).toBe(1_000);
    expect(readFileSync(path, 'utf8')).not.toContain('sk-ant');
  });

  it('begins now unless its start is given', () => {
    const { at: _, ...request } = REQUEST;
    const path = place();
    const before = Date.now();
    captureRequest(path, request);
    expect(lastCaptureTime(path)).toBeGreaterThanOrEqual(before);
    expect(lastCaptureTime(path)).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['x-api-key', { 'X-Api-Key': 'k' }],
    ['bearer', { Authorization: 'Bearer t' }],
    [undefined, { Authorization: 'Basic t' }],
    [undefined, {}],
  ])('tells how its sender made itself known: %s', (credential, headers) => {
    expect(captured({ headers }).credential).toBe(credential);
  });

  it('has its path from /v1/messages on, whatever the gateway', () => {
    expect(captured({ url: 'https://host/some/gateway/v1/messages#there' }).path).toBe('/v1/messages');
    expect(captured({ url: '/v1/messages' }).path).toBe('/v1/messages');
  });

  it('has the headers of whatever shape a program has them in', () => {
    const headers = { 'anthropic-version': '2023-06-01', 'x-app': 'cli' };
    for (const shape of [headers, new Headers(headers), Object.entries(headers), { ...headers, odd: ['x'] as never }]) {
      expect(captured({ headers: shape as OutgoingRequest['headers'] }).headers).toEqual(headers);
    }
  });

  it('has every byte of its body', () => {
    const bytes = (request: Partial<OutgoingRequest>) => {
      const { body, body_base64: encoded } = captured(request);
      return body === undefined ? Buffer.from(encoded ?? '', 'base64') : Buffer.from(body);
    };
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        expect(bytes({ body })).toEqual(Buffer.from(body));
      }),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (body) => {
        expect(bytes({ body })).toEqual(Buffer.from(body));
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is written', () => {
  it('is for its owner alone, whatever the umask, in a directory that is made for it', () => {
    const path = join(temporaryDirectory(), 'new', 'last.jsonl');
    const umask = process.umask(0);
    try {
      captureRequest(path, REQUEST);
    } finally {
      process.umask(umask);
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('takes the place of the request before, and of what killed writers have left', () => {
    const path = place();
    const left = join(path, '..', '.last.jsonl.0123456789ab');
    const young = join(path, '..', '.last.jsonl.ba9876543210');
    for (const temporary of [left, young]) writeFileSync(temporary, 'a whole prompt');
    utimesSync(left, 0, 0);
    captureRequest(path, { ...REQUEST, body: 'old prompt' });
    captureRequest(path, REQUEST);
    expect(readFileSync(path, 'utf8')).not.toContain('old prompt');
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
    expect([existsSync(left), existsSync(young)]).toEqual([false, true]);
  });

  it('takes the place of a link, and never goes through it', () => {
    const path = place();
    const other = join(temporaryDirectory(), 'other');
    writeFileSync(other, 'not ours');
    symlinkSync(other, path);
    expect(captureRequest(path, REQUEST)).toEqual({ kind: 'captured' });
    expect(readFileSync(other, 'utf8')).toBe('not ours');
    expect(readCapture(path).kind).toBe('captured');
  });
});

describe('skipped, without a word of trouble to the sender, is', () => {
  it.each([
    ['another method', { method: 'GET' }],
    ['a count of tokens', { url: 'https://host/v1/messages/count_tokens' }],
    ['a batch', { url: 'https://host/v1/messages/batches' }],
    ['another path', { url: 'https://host/v1/models?next=/v1/messages/x' }],
    ['an address with a key', { url: 'https://host/v1/messages?beta=true&key=SECRET' }],
    ['an address with a token', { url: 'https://host/v1/messages?access_token=SECRET' }],
    ['what is too large', { body: 'x'.repeat(65 * 1024 * 1024) }],
  ])('%s', (_, more) => {
    const path = place();
    captureRequest(path, REQUEST);
    expect(captureRequest(path, { ...REQUEST, ...more }).kind).toBe('skipped');
    expect(lastCaptureTime(path)).toBe(1_000);
  });

  it.each([
    ['a stream', new ReadableStream()],
    ['nothing', undefined],
    ['a form', new FormData()],
  ])('a body that is %s', (_, body) => {
    const outcome = captureRequest(place(), { ...REQUEST, body: body as never });
    expect(outcome).toEqual({ kind: 'skipped', why: expect.stringContaining('whole body') });
  });

  it('what is no request at all', () => {
    expect(captureRequest(place(), {} as OutgoingRequest).kind).toBe('skipped');
    expect(captureRequest(place(), { ...REQUEST, headers: undefined as never }).kind).toBe('skipped');
  });

  it('what cannot be written', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'file'), '');
    mkdirSync(join(directory, 'directory'));
    for (const path of ['file/last.jsonl', 'directory']) {
      const outcome = captureRequest(join(directory, path), REQUEST);
      expect(outcome).toEqual({ kind: 'skipped', why: expect.stringMatching(/written: (ENOTDIR|EISDIR|EEXIST)/) });
    }
    expect(readdirSync(directory).sort()).toEqual(['directory', 'file']);
  });
});

describe('a capture file is not to be used that', () => {
  const good = JSON.stringify({
    schema: 'csa.request-capture/1',
    at: 1,
    method: 'POST',
    path: '/',
    headers: {},
    body: '',
  });

  function written(text: string | Buffer, mode = 0o600): string {
    const path = place();
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  test.each([0o640, 0o604, 0o620, 0o601, 0o660])('others may touch: %o', (mode) => {
    expect(readCapture(written(good, mode))).toEqual({ kind: 'unusable', why: expect.stringContaining('others') });
  });

  test('is a link, a directory or a FIFO', () => {
    const link = place();
    symlinkSync(written(good), link);
    expect(readCapture(link)).toEqual({ kind: 'unusable', why: 'it is a symbolic link' });
    expect(readCapture(temporaryDirectory())).toEqual({ kind: 'unusable', why: 'it is not a regular file' });
    const fifo = place();
    execFileSync('mkfifo', ['-m', '600', fifo]);
    expect(readCapture(fifo)).toEqual({ kind: 'unusable', why: 'it is not a regular file' });
  });

  test('is another user’s', () => {
    const isRoot = process.getuid?.() === 0;
    const path = isRoot ? written(good) : '/etc/passwd';
    if (isRoot) chownSync(path, 12_345, 12_345);
    expect(readCapture(path)).toEqual({ kind: 'unusable', why: "it is another user's" });
  });

  test.each([
    ['is no JSON', 'hello', 'not JSON'],
    ['was torn', `${good}\n${good.slice(0, 40)}`, 'not JSON'],
    ['is an array', '[]', 'no captured request'],
    ['has another schema', good.replace('/1', '/2'), 'no captured request'],
    ['has no time', good.replace('"at":1', '"at":"1"'), 'no captured request'],
    ['has a time that is none', good.replace('"at":1', '"at":1e99'), 'no captured request'],
    ['has headers of other kinds', good.replace('{}', '{"a":1}'), 'no captured request'],
    [
      'has two bodies',
      good.replace('}}', '},"body_base64":""}').replace('"body":""', '"body":"","body_base64":""'),
      'no captured request',
    ],
    ['has no body', good.replace(',"body":""', ''), 'no captured request'],
    ['has another scheme', good.replace('"body"', '"credential":"basic","body"'), 'no captured request'],
  ])('%s', (_, text, why) => {
    expect(readCapture(written(text))).toEqual({ kind: 'unusable', why: expect.stringContaining(why) });
    expect(lastCaptureTime(written(text))).toBeUndefined();
  });

  test('is larger than any request', () => {
    expect(readCapture(written(Buffer.alloc(65 * 1024 * 1024)))).toEqual({ kind: 'unusable', why: 'it is too large' });
  });

  test.each(['', '\n\n'])('is empty (%j): nothing has been captured', (text) => {
    expect(readCapture(written(text))).toEqual({ kind: 'missing' });
  });

  test('is not there: nothing has been captured', () => {
    expect(readCapture(place())).toEqual({ kind: 'missing' });
    expect(readCapture(join(place(), 'below'))).toEqual({ kind: 'missing' });
  });

  test('of many lines the last one counts, with or without its end', () => {
    const last = good.replace('"at":1', '"at":2');
    for (const end of ['', '\n', '\r\n']) expect(lastCaptureTime(written(`${good}\n${last}${end}`))).toBe(2);
  });
});
