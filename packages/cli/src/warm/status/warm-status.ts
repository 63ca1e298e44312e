import type { Hints } from '@csa/calls';
import { viewConversation, warmFields } from '@csa/calls/warm';
import { cleanLine } from '@csa/markers';
import type { WarmView } from '@csa/warm';
import { flowRows } from '../../flow.ts';
import { answer, type Report } from '../../report.ts';
import { formatTable } from '../../table.ts';
import type { ChosenRecords } from '../switch/choose-records.ts';
import { warmRows } from './warm-words.ts';

export interface StatusForm {
  readonly json: boolean;
  readonly hints: Hints;
  readonly env: NodeJS.ProcessEnv;
  /** Of a terminal; a pipe gets every row as one line. */
  readonly columns?: number;
}

/** What is, or was ever, kept warm: that which is on first, the newest session first. */
export async function warmStatus(
  { records, place }: ChosenRecords,
  { json, hints, env, columns }: StatusForm,
): Promise<Report> {
  const looked = await Promise.all(records.map((record) => viewConversation(record, env)));
  const views = looked.filter((view) => view !== undefined).sort(byPower);
  if (json) {
    const conversations = views.map(warmFields);
    return answer([JSON.stringify({ schema: 'csa.session-warm-status/1', conversations })]);
  }
  if (views.length === 0) {
    const how = `Switch it on: ${hints.command(['session', 'warm', 'on', '--help'])}`;
    return answer([`Nothing was ever kept warm for ${cleanLine(place)}.`], [how]);
  }
  return answer(
    views.flatMap((view, i) => [...(i === 0 ? [] : ['']), ...formatTable(flowRows(warmRows(view), columns))]),
  );
}

function byPower(one: WarmView, other: WarmView): number {
  if (one.power.kind !== other.power.kind) return one.power.kind === 'on' ? -1 : 1;
  return one.key.session < other.key.session ? 1 : -1;
}
