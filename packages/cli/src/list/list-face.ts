import type { ListedSession } from '@csa/calls/list';
import { lastOutputTime } from '@csa/session';
import { terminalOf } from '../terminal.ts';
import { ChangeLines } from './change-lines.ts';
import { listTable } from './list-table.ts';
import type { Roster, Watched } from './roster.ts';
import { Screen, visibleOf } from './screen.ts';

/** How a watched list looks from outside. */
export interface ListFace {
  /** What to print so that the list is shown as it is now. */
  show(sessions: readonly Watched[], roster: Pick<Roster, 'listed'>): string;
  /** Milliseconds after which it looks old although nothing has changed. */
  readonly staleMs: number;
  /** Calls `onChange` when it has to be drawn anew, until it is stopped. */
  listen(onChange: () => void): () => void;
  /** What to print last. */
  end(): string;
}

const DEFAULT_ROWS = 24;
const CLEAR_BELOW = '\r\u001b[J';

/** A table that is drawn anew in place; times pass in it. */
export class TableFace implements ListFace {
  readonly staleMs = 1_000;
  readonly #screen = new Screen();
  readonly #allProjects: boolean;

  constructor(allProjects: boolean) {
    this.#allProjects = allProjects;
  }

  show(sessions: readonly Watched[]): string {
    const terminal = terminalOf(process.stdout, process.env);
    const shown = visibleOf(sessions.length, process.stdout.rows || DEFAULT_ROWS);
    const table = listTable(sessions.slice(0, shown).map(asOfNow), this.#allProjects, terminal);
    const more = moreNote(sessions.slice(shown));
    const none = sessions.length === 0 ? ['none yet'] : [];
    return this.#screen.replace([...table, ...none, ...more], terminal.columns);
  }

  listen(onResize: () => void): () => void {
    process.stdout.on('resize', onResize);
    return () => process.stdout.off('resize', onResize);
  }

  /** What a key like Ctrl-C has left on the screen goes. */
  end(): string {
    return CLEAR_BELOW;
  }
}

/** A line of JSON for each change. */
export class LinesFace implements ListFace {
  readonly staleMs: number = Number.POSITIVE_INFINITY;
  readonly #changes = new ChangeLines();

  show(sessions: readonly Watched[], roster: Pick<Roster, 'listed'>): string {
    const listed = sessions.map((session) => session.listed);
    return this.#changes
      .next(listed, (id) => roster.listed(id))
      .map((line) => `${line}\n`)
      .join('');
  }

  listen(): () => void {
    return () => {};
  }

  end(): string {
    return '';
  }
}

function moreNote(hidden: readonly Watched[]): string[] {
  if (hidden.length === 0) return [];
  const alive = hidden.filter(({ listed }) => listed.state === 'alive').length;
  return [`… ${hidden.length} more${alive === 0 ? '' : `, ${alive} alive`}`];
}

function asOfNow({ listed, looked }: Watched): ListedSession {
  if (listed.state !== 'alive') return listed;
  const now = Date.now();
  const lastOutput = lastOutputTime(looked.session);
  return {
    ...listed,
    elapsed_ms: Math.max(0, now - Date.parse(listed.started_at)),
    idle_ms: lastOutput === undefined ? null : Math.max(0, now - lastOutput),
  };
}
