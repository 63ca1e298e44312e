import { parseDuration } from '@csa/calls';
import { chooseLogs, LinePattern, type LogForm, readLogs, type ShownLog, type WantedLogs } from '@csa/calls/logs';
import { resolveSession } from '@csa/calls/look';
import { type LogName, logSize, type Session } from '@csa/session';
import type { Host } from '../host.ts';
import { required } from '../input/parameter.ts';
import { choice, duration, text, whole } from '../input/single-parameters.ts';
import { BoundedEnd } from '../logs/bounded-end.ts';
import { defineTool, READS, type Tool } from '../tool.ts';

/** More is cut by some clients without a word, and read by no model with pleasure. */
const MAX_BYTES = 16_384;
const MOST_LINES = 2_000;
const DEFAULT_LINES = 100;
/** While a pattern is tried nothing else is answered. */
const PATTERN_MS = 500;
const TEN_YEARS_MS = 3_650 * 86_400_000;

export function sessionLogs(host: Host): Tool {
  return defineTool({
    name: 'session_logs',
    description: `The end of a session's output, at most ${MAX_BYTES / 1_024} KB, cleaned.`,
    annotations: READS,
    parameters: {
      id: required(text()),
      stream: choice(['stdout', 'stderr'], 'default both'),
      tail: whole({ min: 1, max: MOST_LINES, description: `lines of each; default ${DEFAULT_LINES}` }),
      grep: text('only lines that match this JavaScript regular expression'),
      since: duration('only lines from so long ago, by their own times'),
    },
    run: async ({ id, stream, tail = DEFAULT_LINES, grep, since }, { signal }) => {
      const form: LogForm = {
        tail,
        since: since === undefined ? undefined : Date.now() - parseDuration(since, SINCE),
        pattern: grep === undefined ? undefined : new LinePattern(grep, PATTERN_MS),
        raw: false,
      };
      const session = await resolveSession(host.locate(id));
      const names = chooseLogs(session, { stdout: stream === 'stdout', stderr: stream === 'stderr' });
      return { kind: 'text', text: await endsOf({ session, names: withText(session, names), abort: signal }, form) };
    },
  });
}

const SINCE = { name: 'since', minMs: 0, maxMs: TEN_YEARS_MS };

function withText(session: Session, names: readonly LogName[]): LogName[] {
  return names.filter((name) => (logSize(session, name) ?? 0) > 0);
}

/** Each under its name, with an equal share of the room. */
async function endsOf(wanted: WantedLogs, form: LogForm): Promise<string> {
  const { names } = wanted;
  if (names.length === 0) return '[nothing has been printed]';
  const parts: string[] = [];
  for (const name of names) {
    parts.push(await endOf(name, { ...wanted, names: [name] }, { form, maxBytes: MAX_BYTES / names.length }));
  }
  return parts.join('\n');
}

async function endOf(
  name: LogName,
  wanted: WantedLogs,
  { form, maxBytes }: { readonly form: LogForm; readonly maxBytes: number },
): Promise<string> {
  const kept = new BoundedEnd(maxBytes);
  const shown = await readLogs(wanted, form, async (bytes) => {
    kept.add(bytes);
    return true;
  });
  const { text: end, leftOut } = kept.end();
  const title = `==> ${name} <==${leftOut === 0 ? '' : ` [${leftOut} bytes before this left out]`}`;
  return [title, end.trimEnd(), ...notesOf(shown, { isCut: leftOut > 0, isEmpty: end.trim() === '', form })]
    .filter((line) => line !== '')
    .join('\n');
}

interface Ending {
  readonly isCut: boolean;
  readonly isEmpty: boolean;
  readonly form: LogForm;
}

/** What was not shown, and how to get it. */
function notesOf(shown: readonly ShownLog[], { isCut, isEmpty, form }: Ending): string[] {
  const [beginning] = shown.map((one) => one.beginning);
  if (isEmpty) return ['[no line of it is one of those asked for]'];
  return [
    ...(isCut ? ['[for the rest: stream, grep or since, or a smaller tail]'] : []),
    ...(!isCut && beginning?.isCut ? [`[only the last ${form.tail} lines: a larger tail, or grep, shows more]`] : []),
    ...(beginning?.lacksTimes ? ['[its lines have no times: since had no effect]'] : []),
  ];
}
