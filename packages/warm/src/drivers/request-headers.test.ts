import { expect, it } from 'vitest';
import { headerValue, isCredentialHeader, lastingHeaders } from './request-headers.ts';

it.each([
  'authorization',
  'Proxy-Authorization',
  'X-API-Key',
  'api-key',
  'Cookie',
  'x-goog-api-key',
  'x-amz-security-token',
  'cf-aig-authorization',
  'helicone-auth',
  'x-portkey-api-key',
  'X-Client-Secret',
])('%s makes somebody known', (name) => {
  expect(isCredentialHeader(name)).toBe(true);
  expect(lastingHeaders({ [name]: 'whatever' })).toEqual({});
});

it.each(['anthropic-version', 'anthropic-beta', 'Content-Type', 'user-agent', 'x-stainless-lang', 'x-app', 'accept'])(
  '%s is kept as it is',
  (name) => {
    expect(lastingHeaders({ [name]: 'Any Value, as it is' })).toEqual({ [name]: 'Any Value, as it is' });
  },
);

it.each(['Connection', 'Host', 'Content-Length', 'Transfer-Encoding', 'Keep-Alive', 'TE', 'Expect', 'Idempotency-Key'])(
  '%s belongs to one request only',
  (name) => {
    expect(lastingHeaders({ [name]: 'x' })).toEqual({});
  },
);

it('what Connection names belongs to the connection', () => {
  expect(lastingHeaders({ Connection: 'close, X-Hop', 'x-hop': '1', 'x-end': '1' })).toEqual({ 'x-end': '1' });
});

it('a credential under a name that tells nothing is found by its value', () => {
  const headers = {
    authorization: 'Bearer sk-ant-0123456789abcdef',
    'x-gateway': 'sk-ant-0123456789abcdef',
    'x-app': 'cli',
  };
  expect(lastingHeaders(headers)).toEqual({ 'x-app': 'cli' });
});

it('a header is found whatever the case of its name', () => {
  expect(headerValue({ 'Content-Encoding': 'gzip' }, 'content-encoding')).toBe('gzip');
  expect(headerValue({}, 'content-encoding')).toBe('');
});
