import { fstatSync } from 'node:fs';
import { lastOutputTime } from '@csa/session';
import { terminalOf } from '../terminal.ts';
import { type Writing, writeFully } from '../write-fully.ts';
import { ChangeLines } from './change-lines.ts';
import { listTable } from './list-table.ts';
import type { Roster, Watched } from './roster.ts';
import { Screen, visibleOf } from './screen.ts';
import type { ListedSession } from './wanted-list.ts';

/** How a watched list looks from outside. */
export interface ListFace {
  /** Shows the list as it is now; `closed` where nobody reads it any more. */
  show(sessions: readonly Watched[], roster: Roster): Writing;
  /** Milliseconds after which it looks old although nothing has changed. */
  readonly staleMs: number;
  end(): void;
}

const STDOUT = 1;
/** How long a pipe may be silent before it is found out whether somebody still reads it. */
const PULSE_MS = 4_000;
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

  show(sessions: readonly Watched[]): Writing {
    const terminal = terminalOf(process.stdout, process.env);
    const shown = visibleOf(sessions.length, process.stdout.rows || DEFAULT_ROWS);
    const table = listTable(sessions.slice(0, shown).map(asOfNow), this.#allProjects, terminal);
    const more = moreNote(sessions.slice(shown));
    const none = sessions.length === 0 ? ['none yet'] : [];
    return write(this.#screen.replace([...table, ...none, ...more], terminal.columns));
  }

  /** What a key like Ctrl-C has left on the screen goes. */
  end(): void {
    write(CLEAR_BELOW);
  }
}

/** A line of JSON for each change. */
export class LinesFace implements ListFace {
  readonly staleMs: number = PULSE_MS;
  readonly #changes = new ChangeLines();
  readonly #mayLoseReader = !fstatSync(STDOUT).isFile();
  #writtenAt = performance.now();

  show(sessions: readonly Watched[], roster: Roster): Writing {
    const listed = sessions.map((session) => session.listed);
    const lines = this.#changes.next(listed, (id) => roster.listed(id));
    const text = lines.length > 0 ? `${lines.join('\n')}\n` : this.#pulse();
    if (text === '') return 'written';
    this.#writtenAt = performance.now();
    return write(text);
  }

  end(): void {}

  /** Only a write shows that a pipe's reader has left, and a blank in front of a document is nothing in JSON. */
  #pulse(): string {
    return this.#mayLoseReader && performance.now() - this.#writtenAt >= PULSE_MS ? ' ' : '';
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

function write(text: string): Writing {
  return writeFully(STDOUT, Buffer.from(text, 'utf8'));
}
