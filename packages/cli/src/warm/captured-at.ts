import { Refusal } from '@csa/session';
import { type DriverChoice, replayRequest } from '@csa/warm';

/** Of a replay: when what it sends again was sent. @throws Refusal reason=not_replayable */
export function capturedAt(driver: DriverChoice): number | undefined {
  if (driver.name !== 'anthropic-replay') return undefined;
  // Whether it is too old is to be said when it is sent, each time anew.
  const request = replayRequest(driver.capture, { ttlMs: 0, revive: true });
  if (request.kind === 'request') return request.at;
  throw new Refusal({
    reason: 'not_replayable',
    what: 'there is no request that could be sent again',
    expected: 'a capture file that is yours alone (0600), with a whole request that max_tokens 0 suits',
    got: `${driver.capture}: ${request.error}`,
    next: 'Let the conversation write one first',
    command: ['session', 'warm', 'on', '--help'],
  });
}
