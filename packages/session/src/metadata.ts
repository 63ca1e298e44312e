import { writeDurably } from './atomic-write.ts';
import { type Reading, readRecord } from './reading.ts';
import { recordPlace, type Session } from './session.ts';
import { ownValue, parseToml, stringifyToml } from './toml.ts';

export interface SessionMetadata {
  readonly tool: string;
  /** This project's promise that result.toml is written exactly once: the first one seen is the last. */
  readonly publishesOnce: boolean;
  /** What the starter marked the session with, to find it again; untrusted. */
  readonly labels: ReadonlyMap<string, string>;
}

const METADATA_FILE = 'metadata.toml';
const ONCE = 'once';

export function readMetadata(session: Session): Reading<SessionMetadata> {
  return readRecord(recordPlace(session, METADATA_FILE), parseMetadata);
}

export function parseMetadata(text: string): SessionMetadata {
  const table = parseToml(text);
  const tool = ownValue(table, 'tool');
  return {
    tool: typeof tool === 'string' ? tool : '',
    publishesOnce: ownValue(table, 'result_published') === ONCE,
    labels: parseLabels(ownValue(table, 'labels')),
  };
}

/** Each `key=value`, as one string; what has another form is no label of ours. */
function parseLabels(value: unknown): Map<string, string> {
  const texts = Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  return new Map(
    texts.flatMap((text) => {
      const at = text.indexOf('=');
      return at > 0 ? [[text.slice(0, at), text.slice(at + 1)] as const] : [];
    }),
  );
}

/** @throws a system error */
export function recordMetadata(directory: string, tool: string, labels: ReadonlyMap<string, string> = new Map()): void {
  const text = stringifyToml({
    tool,
    tool_locked: true,
    result_published: ONCE,
    ...(labels.size === 0 ? {} : { labels: Array.from(labels, ([key, value]) => `${key}=${value}`) }),
  });
  writeDurably(`${directory}/${METADATA_FILE}`, text);
}
