/** One session as a brief names it. All text is as the session says it, trusted by nobody: rendering makes it inert. */
export interface BriefSession {
  readonly id: string;
  readonly state: 'alive' | 'finished' | 'dead' | 'unknown';
  /** Of a finished one. */
  readonly status?: string;
  readonly exit?: number;
  readonly summary?: string;
  /** Why it is dead or unknown, where there is more to say. */
  readonly reason?: string;
  readonly tool: string;
  readonly description: string;
  /** Milliseconds since the epoch. A brief says when, and never how long ago: the same facts give the same bytes. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Runs as printed: waits, shows the result or explains. */
  readonly command: string;
}

/** A conversation whose cache is to be kept warm. */
export interface BriefWarming {
  readonly session: string;
  readonly caller: string;
  /** `stopped`: it should be on, and nobody sends requests. */
  readonly state: 'on' | 'stopped';
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly command: string;
}

/** How one that is on is called among all that a brief calls alive. */
export function heartbeatName({ session, caller }: Pick<BriefWarming, 'session' | 'caller'>): string {
  return `${session} ${caller}`;
}

/** What a brief says of one project; the sessions of each state newest first. */
export interface BriefContent {
  readonly project: string;
  readonly sessions: readonly BriefSession[];
  /** How many there are of each state, where not all of them are among `sessions`. */
  readonly counts: Readonly<Record<BriefSession['state'], number>>;
  readonly warming: readonly BriefWarming[];
  /** Something could not be read that another look may show: what is said is not to be kept for long. */
  readonly isDoubtful?: boolean;
  /** Shows all sessions. */
  readonly listCommand: string;
}
