import { performance } from 'node:perf_hooks';
import { lookupScope, parseDuration } from '@csa/calls';
import * as Flags from '@oclif/core/flags';
import { CsaCommand } from '../../csa-command.ts';
import { followEvents } from '../../events/follow-events.ts';
import { eventLimit } from '../../events/limit.ts';
import { listEvents } from '../../events/list-events.ts';
import { parseSince } from '../../events/since.ts';
import { listenForInterrupts } from '../../interrupts.ts';
import { LastingOutlet } from '../../output/lasting-outlet.ts';
import type { Report } from '../../report.ts';
import { terminalOf } from '../../terminal.ts';

const IDLE = { name: '--idle', minMs: 1_000, maxMs: 7 * 86_400_000 };

export default class SessionEvents extends CsaCommand {
  static override summary = 'Tell what happens to the sessions of this project.';
  static override description =
    `One line an event: its time, its id (the session and what happened), and words. The order is the same for every reader; --json prints one JSON object a line. Nothing has to run in between: what happened while nobody listened is found in the sessions' records at the next look.

TYPES
  started      the session appeared
  output-idle  alive, and silent for --idle; told once a silence
  finished     it has a result: status, exit, reason
  stopped      the same, and its end was a request to stop: by whom, why
  dead         the supervisor is gone and recorded nothing

A silence is found only while somebody looks; everything else is found later, too.

GOING ON
  --since ID is the way to miss nothing and to read nothing twice: every event has an id, the second word of its line, and a reader that comes back with the last one it has seen gets exactly what comes after it. --follow alone begins now, --follow --since ID with what was missed.

While nothing happens --follow writes a blank into a pipe every few seconds, to find out whether anybody still reads: no line of its own, and nothing in front of a JSON document.

Several readers may run at once. The order is kept in events.N.jsonl beside the sessions; where that cannot be written, events are told in the order of their times, with a warning.

EXIT CODES
  0            all has been told; with --follow: the reader went away
  125          csa could not answer; since-unknown: that event is forgotten
  129 130 143  --follow was ended by HUP, INT, TERM`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'the last hour, for a program', command: '<%= config.bin %> <%= command.id %> --since 1h --json' },
    {
      description: 'all that came after an event; a session alone stands for its start',
      command: '<%= config.bin %> <%= command.id %> --since 01M0F77JH0BVPHYFAVF40A3GZ5.finished',
    },
  ];
  static override flags = {
    cd: Flags.string({ description: 'project directory (default: the current one)', helpValue: 'DIR' }),
    follow: Flags.boolean({ char: 'f', description: 'go on, and print events as they happen' }),
    since: Flags.string({
      description: "only what comes after this event, after a session's start, or so long ago",
      helpValue: 'EVENT|ID|DURATION',
    }),
    limit: Flags.string({
      description: 'at most N, or all: the newest, or with --since the first ones after it (default: all)',
      helpValue: 'N',
    }),
    idle: Flags.string({
      description: 'how long a silence is before it is told (1s to 7d; the shortest of all readers counts)',
      helpValue: 'DURATION',
      default: '5m',
    }),
    json: Flags.boolean({ description: 'print one JSON object a line' }),
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(SessionEvents);
    const limit = eventLimit(flags);
    const wish = {
      since: flags.since === undefined ? beginning(flags.follow) : parseSince(flags.since, Date.now()),
      idleMs: parseDuration(flags.idle, IDLE),
      json: flags.json,
      hasColour: terminalOf(process.stdout, process.env).hasColour,
    };
    const scope = lookupScope(flags.cd, process.env);
    if (!flags.follow) return listEvents(scope, { ...wish, limit }, this.hints());
    const outlet = new LastingOutlet(listenForInterrupts(), { lines: true });
    return followEvents(scope, wish, { hints: this.hints(), outlet });
  }
}

/** Now is when the program was called, not when it has been loaded. */
function beginning(follow: boolean) {
  return follow ? ({ kind: 'time', from: performance.timeOrigin } as const) : ({ kind: 'beginning' } as const);
}
