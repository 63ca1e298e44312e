import { type Marker, parseMarkers } from '@csa/markers';
import type { Client, Move, Script, Turn } from '../src/index.ts';
import { type Exchange, inOrder, lastAnswer } from './exchange.ts';

const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/;
const STATUS = /^SESSION_WAIT_/;
export const START = 'csa session start -- npm run load';

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

/** A model that starts the job in its shell, and does what each marker says, word by word, until it is finished. */
export function obedient(client: Client): Script {
  return (turn) => {
    if (turn.index === 0) return client.shell(START);
    if (turn.index === 1) return waitInShell(client, turn);
    return nextOf(client, turn);
  };
}

/** The first wait for what the last answer has named. */
export function waitInShell(client: Client, turn: Turn): Move {
  return client.shell(`csa session wait ${idIn(lastAnswer(turn))}`);
}

/** A model that starts the job, and waits for it, by tools of the MCP server. */
export function byTools(client: Client): Script {
  return inOrder(
    () => ({ kind: 'call', tool: client.tool('session_start'), input: { shell: 'npm run load' } }),
    (turn) => waitByTool(client, idIn(lastAnswer(turn))),
  );
}

export function waitByTool(client: Client, id: string): Move {
  return { kind: 'call', tool: client.tool('session_wait'), input: { ids: [id], cap: '1h' } };
}

/** How it ended, as the last answer says. */
export function endOf({ turns }: Exchange): Marker {
  return verdictIn(turns.at(-1)?.answers.at(-1)?.text ?? '');
}

function nextOf(client: Client, turn: Turn): Move {
  const verdict = verdictIn(lastAnswer(turn));
  return verdict.name === 'SESSION_WAIT_KV_WARM'
    ? client.shell(attribute(verdict, 'cmd'))
    : { kind: 'say', text: `It ended as ${verdict.name}.` };
}
