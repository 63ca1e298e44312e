import { Refusal } from '@csa/session';

/** How many of the newest of each project stay. @throws Refusal reason=bad-keep */
export function parseKeep(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal({
    reason: 'bad-keep',
    what: '--keep is no number of sessions',
    expected: 'a whole number from 0 to 999999999',
    got: JSON.stringify(text.slice(0, 40)),
    next: 'Write --keep 20',
  });
}
