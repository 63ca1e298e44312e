import { chmodSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Claim,
  type Hold,
  makeDirectory,
  namesIn,
  Refusal,
  readRecord,
  refuseStateWrite,
  removeQuietly,
  writeAtomically,
} from '@csa/session/files';
import type { Agent } from './agents/agents.ts';
import { digestOf } from './digest.ts';
import { parseSetupRecord, type SetupRecord } from './setup-record.ts';

const DIRECTORY_NAME = '.setup';
const LONGEST_RUN_MS = 60_000;

/** Where it is written down what setup has done, with a backup of each file beside it. For this user alone. */
export class SetupStore {
  readonly #directory: string;

  /** `stateRoot`: the directory that all state stands below. */
  constructor(stateRoot: string) {
    this.#directory = join(stateRoot, DIRECTORY_NAME);
  }

  /** For one run at a time: another would take its files for changed, and its record for left over. @throws Refusal reason=busy */
  async hold(): Promise<Hold> {
    try {
      makeDirectory(this.#directory);
      const claim = new Claim({ directory: this.#directory, name: 'run' }, ['setup']);
      const taken = await claim.take('setup', Date.now() + LONGEST_RUN_MS);
      if ('release' in taken) return taken;
    } catch (error) {
      refuseStateWrite(error, this.#directory);
    }
    throw new Refusal({ reason: 'busy', what: 'another csa setup is at work', next: 'Try again when it has ended' });
  }

  /** @throws Refusal reason=record-unreadable */
  read(agent: Agent, path: string): SetupRecord | undefined {
    return this.#read(join(this.#directory, `${nameOf(agent, path)}.json`));
  }

  /** All that was done for an agent at a place. @throws Refusal reason=record-unreadable */
  list(agent: Agent, place: string): SetupRecord[] {
    return this.#names()
      .filter((name) => name.startsWith(`${agent}-`) && name.endsWith('.json'))
      .flatMap((name) => this.#read(join(this.#directory, name)) ?? [])
      .filter((record) => record.agent === agent && record.place === place);
  }

  /** @param backup what was there, and its mode; `undefined`: the backup that there is stays. @throws Refusal */
  write(record: SetupRecord, backup?: { readonly text: string; readonly mode: number }): void {
    const path = join(this.#directory, nameOf(record.agent, record.path));
    try {
      makeDirectory(this.#directory);
      if (backup !== undefined) {
        writeAtomically(`${path}.backup`, backup.text);
        chmodSync(`${path}.backup`, backup.mode & 0o777);
      }
      writeAtomically(`${path}.json`, `${JSON.stringify(record, null, 2)}\n`);
    } catch (error) {
      refuseStateWrite(error, this.#directory);
    }
  }

  /** What was there before; `undefined` where it is not to be had back byte for byte. */
  backup({ agent, path, before }: SetupRecord): string | undefined {
    if (before === undefined) return undefined;
    try {
      const text = readFileSync(join(this.#directory, `${nameOf(agent, path)}.backup`), 'utf8');
      return digestOf(text) === before ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** Never throws. */
  forget({ agent, path }: Pick<SetupRecord, 'agent' | 'path'>): void {
    const name = nameOf(agent, path);
    for (const end of ['.json', '.backup']) removeQuietly(join(this.#directory, `${name}${end}`));
  }

  #names(): readonly string[] {
    try {
      return lstatSync(this.#directory, { throwIfNoEntry: false }) === undefined ? [] : namesIn(this.#directory);
    } catch (error) {
      throw unreadable(this.#directory, String(error));
    }
  }

  #read(path: string): SetupRecord | undefined {
    const reading = readRecord({ path, owner: process.getuid?.() ?? 0 }, parseSetupRecord);
    if (reading.kind === 'absent') return undefined;
    if (reading.kind === 'present') return reading.value;
    throw unreadable(path, reading.kind === 'error' ? reading.code : reading.why);
  }
}

function nameOf(agent: Agent, path: string): string {
  return `${agent}-${digestOf(path).slice(0, 24)}`;
}

function unreadable(path: string, got: string): Refusal {
  return new Refusal({
    reason: 'record-unreadable',
    what: `what setup has done before cannot be read at ${path}`,
    expected: 'a record of this program',
    got,
    next: 'Remove it, and take out by hand what an earlier run has written',
  });
}
