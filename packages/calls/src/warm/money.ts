import { Refusal } from '@csa/session';

/** Money is integers in billionths of a dollar, in documents too. */
export const MONEY_UNIT = '1e-9 USD';
const DOLLAR = 1_000_000_000;
const MAX_DOLLARS = 100_000;

/** Reads `5`, `0.05`; gives billionths of a dollar. @throws Refusal reason=bad-amount */
export function parseDollars(text: string, flag: string): number {
  const [, whole = '', part = ''] = /^\$?(\d{1,6})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (whole !== '' && Number(whole) <= MAX_DOLLARS) return Number(whole) * DOLLAR + Number(part.padEnd(9, '0'));
  throw new Refusal({
    reason: 'bad-amount',
    what: `${flag} is no amount of money`,
    expected: `dollars from 0 to ${MAX_DOLLARS}, in a form like 5 or 0.05`,
    got: JSON.stringify(text.slice(0, 40)),
    next: `Write ${flag} 0.50`,
  });
}

/** A number of a config file, where it is a double, to the nearest billionth. */
export function fromDollars(dollars: number): number {
  return Math.round(dollars * DOLLAR);
}

/** For people: cents, and of small amounts up to a hundredth of one, so that one request is more than nothing. */
export function describeDollars(billionths: number): string {
  const amount = Math.abs(billionths);
  const scale = amount >= 10 * DOLLAR ? 100 : 10_000;
  const count = Math.round(amount / (DOLLAR / scale));
  const digits = String(scale).length - 1;
  const part = String(count % scale).padStart(digits, '0');
  const cents = part.slice(0, 2) + part.slice(2).replace(/0+$/, '');
  return `${billionths < 0 ? '-' : ''}$${Math.floor(count / scale)}.${cents}`;
}
