import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BriefContent, type BriefSession, type BriefWarming, heartbeatName } from './content.ts';
import { contentOf } from './contents.test.data.ts';
import { newestChange } from './sight.ts';
import type { BriefSource } from './source.ts';
import type { Watermark } from './watermark.ts';

/**
 * A source of facts that is a directory: a file for each session. Another file beside them, called `.trouble`, says what
 * goes wrong: `cold`, `blind` (it cannot be looked at), `broken` (it cannot be read), `doubtful` (a part of it cannot),
 * `gated` (reading waits until that file is gone).
 */
export class DirectorySource implements BriefSource {
  readonly directory: string;
  warming: readonly BriefWarming[] = [];
  remembered = 0;
  read = 0;

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** A new one appears as a whole, for others read meanwhile; one that is there is rewritten in place. */
  put(session: BriefSession): void {
    const path = `${this.directory}/${session.id}`;
    const place = existsSync(path) ? path : `${this.directory}/.${session.id}`;
    writeFileSync(place, JSON.stringify(session));
    renameSync(place, path);
  }

  remove(id: string): void {
    rmSync(`${this.directory}/${id}`);
  }

  set trouble(what: 'cold' | 'blind' | 'broken' | 'doubtful' | 'gated' | undefined) {
    rmSync(`${this.directory}/.trouble`, { force: true });
    if (what !== undefined) writeFileSync(`${this.directory}/.trouble`, what);
  }

  get isWarm(): boolean {
    return !this.#has('cold');
  }

  async watermark(): Promise<Watermark> {
    if (this.#has('blind')) throw Object.assign(new Error('EIO: no look at it'), { code: 'EIO', errno: -5 });
    const sessions = this.#sessions();
    return {
      records_count: sessions.length,
      max_id:
        sessions
          .map(({ id }) => id)
          .sort()
          .at(-1) ?? null,
      max_started_at: latest(sessions.map(({ startedAt }) => startedAt)),
      max_completed_at: this.#isUnread ? null : latest(sessions.flatMap(({ endedAt }) => endedAt ?? [])),
      sequence: newestChange([this.directory]),
    };
  }

  async areAlive(ids: readonly string[]): Promise<boolean> {
    const sessions = this.#sessions().filter(({ state }) => state === 'alive');
    const heartbeats = this.warming.filter(({ state }) => state === 'on');
    const alive = new Set([...sessions.map(({ id }) => id), ...heartbeats.map(heartbeatName)]);
    return ids.every((id) => alive.has(id));
  }

  async content(signal?: AbortSignal): Promise<BriefContent> {
    this.read += 1;
    if (this.#has('gated')) process.stdout.write('reading\n');
    while (this.#has('gated')) {
      signal?.throwIfAborted();
      await sleep(10);
    }
    if (this.#has('broken')) throw new TypeError('what was read makes no sense\n\u001b[31m');
    return contentOf(this.#sessions(), { warming: this.warming, isDoubtful: this.#has('doubtful') });
  }

  remember(): void {
    this.remembered += 1;
  }

  /** Being cold it does not know when they ended before it has read them. */
  get #isUnread(): boolean {
    return this.#has('cold') && this.read === 0;
  }

  #sessions(): BriefSession[] {
    const names = readdirSync(this.directory).filter((name) => !name.startsWith('.'));
    return names.map((name) => JSON.parse(readFileSync(`${this.directory}/${name}`, 'utf8')) as BriefSession);
  }

  #has(trouble: string): boolean {
    const path = `${this.directory}/.trouble`;
    return existsSync(path) && statSync(path).size > 0 && readFileSync(path, 'utf8') === trouble;
  }
}

function latest(times: readonly number[]): string | null {
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}
