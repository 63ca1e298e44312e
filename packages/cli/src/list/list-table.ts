import { styleText } from 'node:util';
import { cleanLine } from '@csa/markers';
import { cutToWidth } from '../display-width.ts';
import { describeDuration } from '../duration.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { type Style, stateStyle } from '../view/state-style.ts';
import type { ListedSession } from './wanted-list.ts';

const HEADER = ['ID', 'STATE', 'EXIT', 'ELAPSED', 'IDLE', 'TOOL', 'DESCRIPTION'];
const STATE_COLUMN = 1;
const EXIT_COLUMN = 2;
/** On a terminal a tool's name leaves room for what stands after it. */
const TOOL_COLUMNS = 24;

/** The table of a list: whole where programs read it, as wide as the terminal where people do. */
export function listTable(sessions: readonly ListedSession[], allProjects: boolean, terminal: Terminal): string[] {
  const { isLive, hasColour, columns } = terminal;
  const header = allProjects ? [...HEADER.slice(0, -1), 'PROJECT', ...HEADER.slice(-1)] : HEADER;
  const rows = sessions.map((session) => rowOf(session, allProjects, isLive));
  const paint = (text: string, row: number, column: number): string => {
    const style = styleOf(sessions[row - 1], column);
    return style === undefined ? text : styleText(style, text, { validateStream: false });
  };
  return formatTable([header, ...rows], { ...(isLive ? { columns } : {}), ...(hasColour ? { paint } : {}) });
}

function rowOf(session: ListedSession, allProjects: boolean, isLive: boolean): string[] {
  const { short_id, state, session_exit, elapsed_ms, idle_ms, tool, project, description } = session;
  return [
    short_id,
    state,
    session_exit === null ? '-' : String(session_exit),
    describeDuration(elapsed_ms),
    idle_ms === null ? '-' : describeDuration(idle_ms),
    (isLive ? cutToWidth(tool, TOOL_COLUMNS) : tool) || '-',
    ...(allProjects ? [cleanLine(project)] : []),
    description,
  ];
}

/** Of a finished session the code, too. */
function styleOf(session: ListedSession | undefined, column: number): Style | undefined {
  if (session === undefined) return undefined;
  const isShown = column === STATE_COLUMN || (column === EXIT_COLUMN && session.state === 'finished');
  return isShown ? stateStyle(session) : undefined;
}
