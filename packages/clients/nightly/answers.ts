import { type Marker, parseMarkers } from '@csa/markers';
import type { Client, Move, Script, Turn } from '../src/index.ts';
import { lastAnswer } from './exchange.ts';

const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/;
const STATUS = /^SESSION_WAIT_/;

/** The id that `csa session start` has printed. */
export function idIn(text: string): string {
  const [id] = ID.exec(text) ?? [];
  if (id === undefined) throw new Error(`no id in: ${text}`);
  return id;
}

/** The verdict of a wait, wherever the client has put it. */
export function verdictIn(text: string): Marker {
  const verdict = parseMarkers(text).findLast(({ name }) => STATUS.test(name));
  if (verdict === undefined) throw new Error(`no verdict in: ${text}`);
  return verdict;
}

export function attribute(marker: Marker, key: string): string {
  const value = marker.attributes.get(key);
  if (value === undefined) throw new Error(`${marker.name} has no ${key}`);
  return value;
}

/** A model that starts a job, waits for it, and does what each marker says, word by word, until it is finished. */
export function obedient(client: Client, job: string): Script {
  return (turn) => {
    if (turn.index === 0) return client.shell(`csa session start -- ${job}`);
    if (turn.index === 1) return client.shell(`csa session wait ${idIn(lastAnswer(turn))}`);
    return nextOf(client, turn);
  };
}

function nextOf(client: Client, turn: Turn): Move {
  const verdict = verdictIn(lastAnswer(turn));
  return verdict.name === 'SESSION_WAIT_KV_WARM'
    ? client.shell(attribute(verdict, 'cmd'))
    : { kind: 'say', text: `It ended as ${verdict.name}.` };
}
