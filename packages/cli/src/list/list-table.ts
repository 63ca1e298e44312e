import { styleText } from 'node:util';
import { describeDuration } from '@csa/calls';
import type { ListedSession } from '@csa/calls/list';
import { cleanLine } from '@csa/markers';
import { cutToWidth } from '../display-width.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { type Style, stateStyle } from '../view/state-style.ts';

const HEADER = ['ID', 'STATE', 'EXIT', 'ELAPSED', 'IDLE', 'TOOL', 'DESCRIPTION'];
const STATE_COLUMN = 1;
const EXIT_COLUMN = 2;
const TOOL_COLUMN = 5;
/** On a terminal a tool's name leaves room for what stands after it. */
const TOOL_COLUMNS = 24;

/** The table of a list: whole where programs read it, as wide as the terminal where people do. */
export function listTable(sessions: readonly ListedSession[], allProjects: boolean, terminal: Terminal): string[] {
  const { isLive, hasColour, columns } = terminal;
  const columnsOf = { project: allProjects, warm: sessions.some(({ warm }) => warm !== null), isLive };
  const header = headerOf(columnsOf);
  const rows = sessions.map((session) => rowOf(session, columnsOf));
  const paint = (text: string, row: number, column: number): string => {
    const style = styleOf(sessions[row - 1], column);
    return style === undefined ? text : styleText(style, text, { validateStream: false });
  };
  return formatTable([header, ...rows], { ...(isLive ? { columns } : {}), ...(hasColour ? { paint } : {}) });
}

/** What is shown beside what always is. */
interface Extra {
  readonly project: boolean;
  /** One of the sessions has a cache that is or was kept warm. */
  readonly warm: boolean;
  readonly isLive: boolean;
}

function headerOf({ project, warm }: Extra): string[] {
  return [
    ...HEADER.slice(0, TOOL_COLUMN),
    ...(warm ? ['WARM'] : []),
    ...HEADER.slice(TOOL_COLUMN, -1),
    ...(project ? ['PROJECT'] : []),
    ...HEADER.slice(-1),
  ];
}

function rowOf(session: ListedSession, shown: Extra): string[] {
  const { short_id, state, session_exit, elapsed_ms, idle_ms, tool, project, description } = session;
  return [
    short_id,
    state,
    session_exit === null ? '-' : String(session_exit),
    describeDuration(elapsed_ms),
    idle_ms === null ? '-' : describeDuration(idle_ms),
    ...(shown.warm ? [warmWord(session.warm)] : []),
    (shown.isLive ? cutToWidth(tool, TOOL_COLUMNS) : tool) || '-',
    ...(shown.project ? [cleanLine(project)] : []),
    description,
  ];
}

function warmWord(warm: ListedSession['warm']): string {
  if (warm === null) return '-';
  return warm.left_ms === null ? warm.state : `${warm.state} ${describeDuration(warm.left_ms)}`;
}

/** Of a finished session the code, too. */
function styleOf(session: ListedSession | undefined, column: number): Style | undefined {
  if (session === undefined) return undefined;
  const isShown = column === STATE_COLUMN || (column === EXIT_COLUMN && session.state === 'finished');
  return isShown ? stateStyle(session) : undefined;
}
