import { parseCount } from '@csa/calls';

const KEEP = {
  flag: '--keep',
  reason: 'bad-keep',
  what: 'is no number of sessions',
  min: 0,
  takesAll: false,
  example: 20,
} as const;

/** How many of the newest of each project stay. @throws Refusal reason=bad-keep */
export function parseKeep(text: string): number {
  return Number(parseCount(text, KEEP));
}
