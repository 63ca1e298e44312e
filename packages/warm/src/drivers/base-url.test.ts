import { expect, it } from 'vitest';
import { addressOf, parseBaseUrl } from './base-url.ts';

it.each([
  ['https://api.anthropic.com', 'https://api.anthropic.com/v1/messages?beta=true'],
  ['https://api.anthropic.com/', 'https://api.anthropic.com/v1/messages?beta=true'],
  ['http://127.0.0.1:8080/a/gateway//', 'http://127.0.0.1:8080/a/gateway/v1/messages?beta=true'],
  ['https://host//other.example', 'https://host//other.example/v1/messages?beta=true'],
])('below %s is %s', (base, address) => {
  const parsed = parseBaseUrl(base);
  expect(parsed.kind === 'url' && addressOf(parsed.url, '/v1/messages?beta=true').href).toBe(address);
});

it.each([
  ['', 'https://'],
  ['api.anthropic.com', 'https://'],
  ['ftp://host', 'https://'],
  ['file:///etc/passwd', 'https://'],
  ['https://user:secret@host', 'no credential'],
  ['https://secret@host', 'no credential'],
  ['https://host/?key=secret', 'its path'],
  ['https://host/#secret', 'its path'],
])('%j is refused, and not shown', (base, why) => {
  const parsed = parseBaseUrl(base);
  expect(parsed).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  expect(JSON.stringify(parsed)).not.toContain('secret');
});
