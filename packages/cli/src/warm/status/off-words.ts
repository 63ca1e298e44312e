import { cleanLine } from '@csa/markers';
import { answeredWith, type WarmReason } from '@csa/warm';
import { REASON_WORDS } from '../reason-words.ts';

/** What the books say of the last request, as far as it failed. */
export interface LastFailure {
  readonly reason?: string | null | undefined;
  readonly error?: string | null | undefined;
}

/** What a provider said, and what there is to do. */
interface Refused {
  readonly what: string;
  readonly next: string;
}

const MAX_ERROR_BYTES = 200;
const UNPAID = 402;
const CREDENTIAL: ReadonlySet<number> = new Set([401, 403, 407]);

/** Why it is off. A provider that has refused what was sent is named, with the next step. */
export function offWords(reason: string, last: LastFailure | undefined): string {
  const refused = last?.reason === reason ? refusalIn(last) : undefined;
  const cause = offCause(reason, last);
  return refused === undefined ? cause : `${cause}: ${refused.next}, then switch it on again`;
}

/** The same without the next step, for a line beside other things. */
export function offCause(reason: string, last: LastFailure | undefined): string {
  const words = wordsOf(reason);
  if (last === undefined || last.reason !== reason || !last.error) return words;
  return refusalIn(last)?.what ?? `${words}: ${cleanLine(last.error, MAX_ERROR_BYTES)}`;
}

/** The end of a line about one request. */
export function failureWords(last: LastFailure): string {
  const refused = refusalIn(last);
  if (refused !== undefined) return `: ${refused.what}`;
  const why = last.reason ? `: ${wordsOf(last.reason)}` : '';
  return `${why}${last.error ? ` (${cleanLine(last.error, MAX_ERROR_BYTES)})` : ''}`;
}

function wordsOf(reason: string): string {
  return REASON_WORDS[reason as WarmReason] ?? cleanLine(reason);
}

/** Of what is not to be sent again as it is: anything else may be answered the next time. */
function refusalIn({ reason, error }: LastFailure): Refused | undefined {
  const answer = error ? answeredWith(error) : undefined;
  if (answer === undefined || (reason !== 'driver_unavailable' && reason !== 'not_replayable')) return undefined;
  const { status, type } = answer;
  const facts = `(${status}${type === undefined ? '' : `, ${type}`})`;
  if (reason === 'not_replayable') {
    return {
      what: `the provider refused the request ${facts}`,
      next: 'let the conversation send another one, or mend what sends it',
    };
  }
  if (CREDENTIAL.has(status)) return { what: `the provider refused the credential ${facts}`, next: 'put it right' };
  if (status === UNPAID) return { what: `the provider wants to be paid first ${facts}`, next: 'see to the account' };
  return { what: `the provider did not take the request ${facts}`, next: 'check the address' };
}
