import { styleText } from 'node:util';
import { describeDuration, type Hints, hintTarget } from '@csa/calls';
import { type LookupScope, listSessions, Refusal } from '@csa/session';
import type { EventType, SessionEvent } from './session-event.ts';

export interface LineForm {
  readonly json: boolean;
  readonly hasColour: boolean;
}

/** A silence's id is longer: it has a time in it. */
const TYPE_WIDTH = 'finished'.length;

/** Words events, one line each. */
export class EventLines {
  readonly #scope: LookupScope;
  readonly #hints: Hints;
  readonly #form: LineForm;

  constructor(scope: LookupScope, hints: Hints, form: LineForm) {
    this.#scope = scope;
    this.#hints = hints;
    this.#form = form;
  }

  of(events: readonly SessionEvent[]): string[] {
    if (!this.#form.json) return events.map((event) => humanLine(event, this.#form.hasColour));
    if (events.length === 0) return [];
    const listing = this.#listing();
    return events.map((event) => {
      const session = listing?.open(event.session);
      const cmd = session && this.#hints.session(...nextWords(event, hintTarget(session, this.#scope)));
      return JSON.stringify({ schema: 'csa.session-event/1', ...event, next: cmd === undefined ? null : { cmd } });
    });
  }

  /** What to run next is a courtesy: an event is told without it, too. */
  #listing() {
    try {
      return listSessions(this.#scope);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    }
  }
}

function nextWords(event: SessionEvent, target: ReturnType<typeof hintTarget>): Parameters<Hints['session']> {
  switch (event.type) {
    case 'started':
      return ['wait', target];
    case 'output-idle':
      return ['logs', target, ['--tail', '20']];
    case 'finished':
    case 'stopped':
      return ['result', target];
    case 'dead':
      return event.survivor === null ? ['status', target, ['--explain']] : ['stop', target];
  }
}

function humanLine(event: SessionEvent, hasColour: boolean): string {
  const time = `${event.at.slice(0, -'.000Z'.length)}Z`;
  // The whole id: it is what a reader goes on from.
  const [session, ...type] = event.id.split('.');
  const padded = type.join('.').padEnd(TYPE_WIDTH);
  const shown = hasColour ? styleText(colourOf(event), padded, { validateStream: false }) : padded;
  return [time, `${session}.${shown}`, words(event)].join('  ').trimEnd();
}

function colourOf({ type, exit }: SessionEvent): 'red' | 'green' | 'yellow' | 'cyan' {
  if (type === 'finished') return exit === 0 ? 'green' : 'red';
  const colours: Record<Exclude<EventType, 'finished'>, 'red' | 'yellow' | 'cyan'> = {
    started: 'cyan',
    'output-idle': 'yellow',
    stopped: 'yellow',
    dead: 'red',
  };
  return colours[type];
}

function words(event: SessionEvent): string {
  const what = [event.tool, event.description].filter((text) => text !== '').join(': ');
  return [happened(event), what].filter((text) => text !== '').join('  ');
}

function happened(event: SessionEvent): string {
  switch (event.type) {
    case 'started':
      return event.resolved === null ? '' : `stands for ${event.resolved}`;
    case 'output-idle':
      return `no output for ${describeDuration(event.idle_ms ?? 0)}`;
    case 'finished': {
      const reason = event.reason === null ? '' : ` (${event.reason})`;
      return `${event.status ?? 'ended'}, exit ${event.session_exit ?? event.exit}${reason}`;
    }
    case 'stopped':
      return `by ${event.stopped_by}${event.stopped_why ? `: ${event.stopped_why}` : ''}, exit ${event.session_exit}`;
    case 'dead':
      return event.survivor === null ? 'nothing recorded' : `nothing recorded, process ${event.survivor} still runs`;
  }
}
