import { styleText } from 'node:util';
import { describeDuration } from '@csa/calls';
import { describeDollars } from '@csa/calls/warm';
import { cleanLine } from '@csa/markers';
import {
  type CacheGroup,
  type ColdPoint,
  chooseInterval,
  chooseTtl,
  type GapClass,
  netOf,
  type Priced,
  type Warming,
} from '@csa/warm';
import { formatTable } from '../../table.ts';
import type { CachesRead, LookedAt } from './read-caches.ts';

const BAR = 20;
const MAX_PATH_BYTES = 1_000;

export interface ReportForm {
  readonly hasColour: boolean;
  readonly columns?: number;
}

/** For people: what was looked at, what became of the prefixes by how long a gap was, and what warming would be worth. */
export function reportLines(read: CachesRead, form: ReportForm): string[] {
  const { report, lookedAt, since, now } = read;
  const period = `the last ${age(now - since)}`;
  return [
    ...lookedAtLines(lookedAt, period),
    '',
    ...(report.turns === 0
      ? [`No turn of ${period} with a prompt cache was found: there is nothing to say of it.`]
      : [
          sumLine(read),
          ...report.groups.flatMap((group) => ['', ...groupLines(group, form)]),
          '',
          ...warmingLines(report.warming),
        ]),
  ];
}

function lookedAtLines(all: readonly LookedAt[], period: string): string[] {
  if (all.length === 0) return ['Nothing was looked at: HOME is not set. Name a directory: --transcripts DIR'];
  const absent = all.filter(({ search }) => search === 'absent').map(({ directory }) => shown(directory));
  return [
    ...all.filter(({ search }) => search !== 'absent').map((one) => lookedAtLine(one, period)),
    ...(absent.length === 0 ? [] : [`Not there: ${absent.join(', ')}`]),
  ];
}

function lookedAtLine(one: LookedAt, period: string): string {
  const where = `Looked at ${shown(one.directory)}: `;
  if (one.search === 'unreadable') return `${where}it cannot be read (${one.code})`;
  const notes = [
    ...(one.older > 0 ? [`${count(one.older, 'older one')} left out`] : []),
    ...(one.unread > 0 ? [`${one.unread} could not be read`] : []),
    ...(one.isCut ? ['there are more entries than are looked through'] : []),
  ];
  return `${where}${count(one.transcripts, 'transcript')} of ${period}${notes.map((note) => `, ${note}`).join('')}`;
}

function shown(directory: string): string {
  return cleanLine(directory, MAX_PATH_BYTES);
}

function sumLine({ report: { turns, conversations, gaps, changed } }: CachesRead): string {
  const told = changed === 0 ? '' : `; ${changed} tell nothing, for another model or a shorter prompt came after them`;
  return `${count(turns, 'turn')} in ${count(conversations, 'conversation')}, ${count(gaps, 'gap')} in between${told}`;
}

function groupLines({ agent, tier, returns, classes, coldPoint }: CacheGroup, form: ReportForm): string[] {
  const name = `${agent}, ${tier === null ? 'cache tier unknown' : `cache tier ${tier}`}`;
  const rows = classes.map((each) => [
    `  ${each.toMs === null ? `over ${span(each.fromMs)}` : `${span(each.fromMs)} to ${span(each.toMs)}`}`,
    String(each.returns),
    String(each.lost),
    `${keptPercent(each)} %`,
    '#'.repeat(Math.round((keptPercent(each) * BAR) / 100)),
  ]);
  const head = ['  gap', 'returns', 'lost', 'kept', ''];
  const paint = (text: string, row: number, column: number): string => {
    const one = classes[row - 1];
    if (!form.hasColour || one === undefined || column !== head.length - 1) return text;
    return styleText(keptPercent(one) < 50 ? 'red' : 'green', text, { validateStream: false });
  };
  const { columns } = form;
  return [
    `${name}: how much of the prefix was read again, by the time since the request before`,
    ...formatTable([head, ...rows], { paint, ...(columns === undefined ? {} : { columns }) }),
    `  ${coldWords(coldPoint, returns)}`,
  ];
}

/** Rounded down: what is not whole never looks so. */
function keptPercent({ prefixTokens, keptTokens }: GapClass): number {
  return Math.floor((keptTokens * 100) / Math.max(1, prefixTokens));
}

function coldWords(point: ColdPoint, returns: number): string {
  switch (point.kind) {
    case 'measured':
      return `Measured: ${coldAt(point)} (${point.misfits} of ${count(returns, 'return')} say otherwise)`;
    case 'not_seen':
      return `No gap was long enough to go cold: kept after ${span(point.longestKeptMs)} and more`;
    case 'too_few':
      return `Too few returns to say when it goes cold: ${point.kept} kept, ${point.lost} lost`;
  }
}

function coldAt({ keptToMs, lostFromMs }: { readonly keptToMs: number; readonly lostFromMs: number }): string {
  if (keptToMs === lostFromMs) return `it goes cold at ${span(lostFromMs)}`;
  return `kept up to ${span(keptToMs)}, cold from ${span(lostFromMs)} on, and nothing seen in between`;
}

function warmingLines(warming: Warming): string[] {
  const { idleGaps, coldReturns, coldCost, earlyLosses, warms, spent, spentInVain, avoided } = warming;
  const net = netOf(avoided, spent);
  const unpriced = Math.max(spent.unpricedTokens, avoided.unpricedTokens, coldCost.unpricedTokens) > 0;
  const rows = [
    ['  spent', `${tokens(spent)} read`, money(spent), `of it ${vain(spentInVain)} after a last turn`],
    ['  avoided', `${tokens(avoided)} written again`, money(avoided), ''],
    ['  net', '', net === null ? 'unknown' : describeDollars(net), ''],
  ];
  return [
    `Gaps longer than one interval between two warms (${interval('5m')}; ${interval('1h')} in the tier of 1h): ${idleGaps}`,
    `  ${coldReturns} of them ended cold: ${tokens(coldCost)} were written again, ${money(coldCost)} more than reading them`,
    ...(earlyLosses === 0 ? [] : [`  Lost in a shorter gap, which no warming helps against: ${earlyLosses}`]),
    '',
    `Warming through every gap until break-even would have sent ${count(warms, 'request')}:`,
    ...formatTable(rows),
    ...(unpriced ? ['  No price is known for some of the models: of their tokens nothing is said in dollars.'] : []),
    '  It takes every warm to succeed, and warms every conversation, also those that nobody came back to.',
  ];
}

function interval(tier: '5m' | '1h'): string {
  return span(chooseInterval(undefined, chooseTtl({ tier }).ms));
}

function vain(spent: Priced): string {
  return spent.cost === null ? tokens(spent) : describeDollars(spent.cost);
}

function money({ cost, tokens: all }: Priced): string {
  if (all === 0) return describeDollars(0);
  return cost === null ? 'at an unknown price' : describeDollars(cost);
}

function tokens({ tokens: number }: Priced): string {
  return `${number.toLocaleString('en-US')} tokens`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A round time: `5m`, `90m`, `4h`, `1d`. */
function span(ms: number): string {
  if (ms === 0) return '0';
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  return ms % 3_600_000 === 0 && ms > 3_600_000 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
}

function age(ms: number): string {
  return ms % 60_000 === 0 && ms > 0 ? span(ms) : describeDuration(ms);
}
