import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { MAX_INPUT_BYTES, readHookInput } from './hook-input.ts';

const PATIENCE_MS = 60_000;

it('reads all of it', async () => {
  const stream = new PassThrough();
  stream.write('{"a":');
  stream.end('1}');
  expect(await readHookInput(stream, PATIENCE_MS)).toEqual({ text: '{"a":1}', isCut: false });
});

it('keeps no more than the bound, reads the rest and says so', async () => {
  const stream = new PassThrough();
  const reading = readHookInput(stream, PATIENCE_MS);
  for (let i = 0; i < 40; i += 1) stream.write(Buffer.alloc(MAX_INPUT_BYTES / 16, 'x'));
  stream.end();
  const { text, isCut } = await reading;
  expect([text.length, isCut]).toEqual([MAX_INPUT_BYTES, true]);
});

it('of exactly the bound is not cut', async () => {
  const stream = new PassThrough();
  stream.end(Buffer.alloc(MAX_INPUT_BYTES, 'x'));
  expect((await readHookInput(stream, PATIENCE_MS)).isCut).toBe(false);
});

it('does not wait for whoever holds it open', async () => {
  const stream = new PassThrough();
  stream.write('{}');
  expect(await readHookInput(stream, 1)).toEqual({ text: '{}', isCut: false });
  expect(stream.destroyed).toBe(true);
});

it('takes what there is where it breaks', async () => {
  const stream = new PassThrough();
  const reading = readHookInput(stream, PATIENCE_MS);
  stream.destroy(new Error('EIO'));
  expect(await reading).toEqual({ text: '', isCut: false });
});
