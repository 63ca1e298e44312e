import type { Reading, SessionResult } from '@csa/session';
import type { DaemonLook, Observation, SourceWatch, WaitSource } from './source.ts';

type SessionLook = Extract<Observation, { kind: 'session' }>;

export const RESULT: Reading<SessionResult> = {
  kind: 'present',
  value: {
    status: 'success',
    exitCode: 0,
    summary: 'all good',
    tool: 'make',
    startedAt: '2026-08-20T09:15:03Z',
    completedAt: '2026-08-20T09:41:07Z',
  },
};
export const ALIVE: SessionLook = look({ state: 'alive' });
export const GONE: SessionLook = look({ state: 'dead', conclusive: false });
export const ENDED: SessionLook = look({ state: 'dead', conclusive: true });
export const FINISHED: SessionLook = { ...ALIVE, result: RESULT, publishedOnce: true };

export function look(daemon: DaemonLook, rest: Partial<SessionLook> = {}): SessionLook {
  const nothing = { kind: 'absent' } as const;
  return {
    kind: 'session',
    session: 'one',
    daemon,
    completion: nothing,
    result: nothing,
    publishedOnce: false,
    ...rest,
  };
}

/** A source that shows what a list says, the last of it for ever; `onLook` runs inside each look, after the reading. */
export class ScriptedSource implements WaitSource {
  readonly #script: readonly (Observation | Error)[];
  readonly #onLook: (source: ScriptedSource) => void;
  /** Whether the watch says that it tells of everything: then the next look on its own is five seconds away. */
  complete = true;
  looks = 0;
  closed = 0;
  hint: () => void = () => {};

  constructor(script: readonly (Observation | Error)[], onLook: (source: ScriptedSource) => void = () => {}) {
    this.#script = script;
    this.#onLook = onLook;
  }

  async observe(): Promise<Observation> {
    const seen = this.#script[Math.min(this.looks, this.#script.length - 1)];
    this.looks += 1;
    this.#onLook(this);
    if (seen === undefined || seen instanceof Error) throw seen;
    return seen;
  }

  watch(onHint: () => void): SourceWatch {
    this.hint = onHint;
    const source = this;
    return {
      get complete() {
        return source.complete;
      },
      close() {
        source.closed += 1;
      },
    };
  }
}
