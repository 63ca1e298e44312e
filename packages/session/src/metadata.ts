import { writeDurably } from './atomic-write.ts';
import { type Reading, readRecord } from './reading.ts';
import { recordPlace, type Session } from './session.ts';
import { ownValue, parseToml, stringifyToml } from './toml.ts';

export interface SessionMetadata {
  readonly tool: string;
  /** This project's promise that result.toml is written exactly once: the first one seen is the last. */
  readonly publishesOnce: boolean;
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
  };
}

/** @throws a system error */
export function recordMetadata(directory: string, tool: string): void {
  const text = stringifyToml({ tool, tool_locked: true, result_published: ONCE });
  writeDurably(`${directory}/${METADATA_FILE}`, text);
}
