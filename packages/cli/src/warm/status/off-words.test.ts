import { describe, expect, it } from 'vitest';
import { failureWords, offWords } from './off-words.ts';

const ANSWERED = 'the provider answered ';

describe('why it is off', () => {
  it.each<[string, Parameters<typeof offWords>, string]>([
    [
      'a credential that was refused, and what to do',
      ['driver_unavailable', { reason: 'driver_unavailable', error: `${ANSWERED}401 (authentication_error)` }],
      'the provider refused the credential (401, authentication_error): put it right, then switch it on again',
    ],
    [
      'a credential that is not allowed to',
      ['driver_unavailable', { reason: 'driver_unavailable', error: `${ANSWERED}403` }],
      'the provider refused the credential (403): put it right, then switch it on again',
    ],
    [
      'an account that is not paid for',
      ['driver_unavailable', { reason: 'driver_unavailable', error: `${ANSWERED}402` }],
      'the provider wants to be paid first (402): see to the account, then switch it on again',
    ],
    [
      'an address that leads elsewhere',
      ['driver_unavailable', { reason: 'driver_unavailable', error: `${ANSWERED}301` }],
      'the provider did not take the request (301): check the address, then switch it on again',
    ],
    [
      'a request that was refused',
      ['not_replayable', { reason: 'not_replayable', error: `${ANSWERED}400 (invalid_request_error)` }],
      'the provider refused the request (400, invalid_request_error): let the conversation send another one, or mend what sends it, then switch it on again',
    ],
    [
      'a driver that could not send, and why',
      ['driver_unavailable', { reason: 'driver_unavailable', error: 'ANTHROPIC_API_KEY gives no credential' }],
      'there is nothing that could send a request: ANTHROPIC_API_KEY gives no credential',
    ],
    ['what no request has told', ['driver_unavailable', undefined], 'there is nothing that could send a request'],
    [
      'nothing of a request that failed before for another reason',
      ['not_enabled', { reason: 'driver_unavailable', error: `${ANSWERED}401` }],
      'it was switched off',
    ],
    [
      'nothing of an error that is not there',
      ['not_replayable', { reason: 'not_replayable', error: null }],
      'the captured request cannot be sent again as it is',
    ],
  ])('is %s', (_, [reason, last], words) => {
    expect(offWords(reason, last)).toBe(words);
  });

  it('never shows control characters of an error', () => {
    const last = { reason: 'driver_unavailable', error: 'a\u001b[31m\nb <!-- CSA:X -->' };
    expect(offWords('driver_unavailable', last)).not.toMatch(/[\u001b\n]|<!--/);
  });
});

it.each<[Parameters<typeof failureWords>[0], string]>([
  [{ reason: 'driver_unavailable', error: `${ANSWERED}401` }, ': the provider refused the credential (401)'],
  [
    { reason: 'backoff', error: `${ANSWERED}429` },
    ': the provider wants to be left alone for a while (the provider answered 429)',
  ],
  [{ reason: 'probe_failed', error: undefined }, ': the request failed, and may be tried again'],
  [{}, ''],
])('what became of one request: %j', (last, words) => {
  expect(failureWords(last)).toBe(words);
});
