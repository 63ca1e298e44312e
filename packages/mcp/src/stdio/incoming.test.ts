import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIncoming } from './incoming.ts';

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

function read(text: string | Buffer) {
  return readIncoming({ kind: 'line', bytes: Buffer.from(text as string) });
}

describe('a line', () => {
  it.each([
    ['a request', '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    ['a request whose id is a text', '{"jsonrpc":"2.0","id":"a","method":"ping"}'],
    ['a notification', '{"jsonrpc":"2.0","method":"notifications/initialized"}'],
    ['a result', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['an error', '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}'],
    ['a request with a carriage return', '{"jsonrpc":"2.0","id":1,"method":"ping"}\r'],
  ])('that is %s is a message', (_, text) => {
    expect(read(text)).toEqual({ kind: 'message', message: JSON.parse(text) });
  });

  it.each([
    ['blank', '  \r'],
    ['a malformed notification', '{"jsonrpc":"1.0","method":"a"}'],
    ['a malformed result', '{"jsonrpc":"2.0","id":{},"result":1}'],
    ['a malformed error', '{"jsonrpc":"2.0","id":1,"error":"no"}'],
  ])('that is %s is not answered', (_, text) => {
    expect(read(text)).toEqual({ kind: 'ignored' });
  });

  it.each<[string, string | Buffer, number, string | number | undefined]>([
    ['no JSON', 'hello', PARSE_ERROR, undefined],
    ['half a message', '{"jsonrpc":"2.0","id":1,', PARSE_ERROR, undefined],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), PARSE_ERROR, undefined],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', INVALID_REQUEST, undefined],
    ['a number', '1', INVALID_REQUEST, undefined],
    ['null', 'null', INVALID_REQUEST, undefined],
    ['no method', '{"jsonrpc":"2.0","id":7}', INVALID_REQUEST, 7],
    ['another version', '{"jsonrpc":"1.0","id":"b","method":"ping"}', INVALID_REQUEST, 'b'],
    ['a method that is no text', '{"jsonrpc":"2.0","id":8,"method":1}', INVALID_REQUEST, 8],
    ['an id that is none', '{"jsonrpc":"2.0","id":{},"method":"ping"}', INVALID_REQUEST, undefined],
    ['nested too deeply', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, INVALID_REQUEST, undefined],
  ])('that is %s is answered with an error', (_, text, code, id) => {
    const incoming = read(text);
    expect(incoming).toMatchObject({ kind: 'refused', answer: { jsonrpc: '2.0', error: { code } } });
    expect('answer' in incoming && incoming.answer.id).toBe(id);
  });

  it('that is too long is answered, and says what is allowed', () => {
    expect(readIncoming({ kind: 'too-long', maxBytes: 10 * 1_048_576 })).toMatchObject({
      answer: { error: { code: INVALID_REQUEST, message: 'a message is longer than 10 MiB' } },
    });
  });

  it('of any bytes at all is read without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (bytes) => {
          expect(['message', 'ignored', 'refused']).toContain(read(Buffer.from(bytes)).kind);
        },
      ),
    );
  });
});
