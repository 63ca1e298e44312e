import {
  type BriefContent,
  type BriefPlaces,
  type BriefSource,
  briefPlaces,
  EndedIndex,
  type EndedSession,
  newestChange,
  type Watermark,
} from '@csa/brief';
import { readCollected } from '@csa/brief/collected';
import { isPrintableWord } from '@csa/markers';
import { type LookupScope, listSessions, type Session, type SessionListing, sessionsDirectory } from '@csa/session';
import { SessionSource } from '@csa/wait';
import type { Hints, HintTarget } from '../hints.ts';
import { hintTarget } from '../locate.ts';
import { commandFor } from './command-for.ts';
import { judgeSession } from './judge-session.ts';
import type { SessionFacts } from './session-facts.ts';
import { areBeating, readWarming, warmPlaces } from './warming.ts';

/** A project's brief: where it stands, and what it is made of. */
export interface ProjectBrief {
  readonly places: BriefPlaces;
  readonly source: ProjectSource;
}

/** Looks at nothing yet. `hints`: for whoever is to run the commands. */
export function openSource(scope: LookupScope, hints: Hints): ProjectBrief {
  const places = briefPlaces(scope.roots.primary, scope.project);
  return { places, source: new ProjectSource(scope, places, hints) };
}

/** What there is to say of one project, from the records of its sessions. Reading creates nothing. */
class ProjectSource implements BriefSource {
  readonly #scope: LookupScope;
  readonly #places: BriefPlaces;
  readonly #hints: Hints;
  readonly #index: EndedIndex;
  /** Those that have not ended for good, as the last look has shown them. */
  readonly #open = new Map<string, SessionFacts>();
  /** As the last watermark has shown it. */
  #isWarm = false;

  constructor(scope: LookupScope, places: BriefPlaces, hints: Hints) {
    this.#scope = scope;
    this.#places = places;
    this.#hints = hints;
    this.#index = new EndedIndex(places.workshop, (session) => this.#judge(session));
  }

  /**
   * Whether a brief's commands start with our words: whoever wrote it may have found this program under another name. No
   * text of a session holds a backtick.
   */
  isWordedAsOurs(text: string): boolean {
    const opening = `${this.#hints.command(['session'])} `;
    return text.includes(`\`${opening}`) || text.includes(`\` ${opening}`);
  }

  get isWarm(): boolean {
    return this.#isWarm;
  }

  /** Also of what was collected, and of what is kept warm: a brief says both. */
  async watermark(): Promise<Watermark> {
    const listing = listSessions(this.#scope);
    const { watermark, isWarm } = await this.#index.glimpse(listing);
    this.#isWarm = isWarm;
    const warm = await warmPlaces(this.#scope.roots, new Set(listing.ids));
    return { ...watermark, sequence: Math.max(watermark.sequence, newestChange([...this.#folders(), ...warm])) };
  }

  /** In which names come and go: the newest change of what has gone is no longer to be seen in itself. */
  #folders(): string[] {
    const { roots, project } = this.#scope;
    const sessions = [roots.primary, roots.legacy].map((root) => sessionsDirectory(root, project));
    return [...sessions, `${this.#places.workshop}/collected`];
  }

  async areAlive(names: readonly string[]): Promise<boolean> {
    try {
      const listing = listSessions(this.#scope);
      const heartbeats = names.filter((name) => name.includes(' '));
      const sessions = names.filter((name) => !name.includes(' '));
      for (const id of sessions) if (!(await this.#isAlive(id, listing))) return false;
      return await areBeating(this.#scope.roots, heartbeats);
    } catch {
      return false;
    }
  }

  async content(signal?: AbortSignal): Promise<BriefContent> {
    const { project } = this.#scope;
    const listing = listSessions(this.#scope);
    const { ended, others } = await this.#index.look(listing, signal);
    const open = others.flatMap((id) => this.#open.get(id) ?? []);
    const collected = readCollected(this.#places.workshop);
    const sessions: readonly SessionFacts[] = [...open, ...ended];
    const told = sessions
      .filter(({ id, end }) => end === undefined || !collected.has(id, end))
      .map((session) => ({ session, target: this.#target(session.id, listing) }))
      .sort((a, b) => (a.session.id < b.session.id ? 1 : -1));
    const alive = told.filter(({ session }) => session.state === 'alive');
    return {
      project,
      sessions: told.map(({ session: { end: _, ...facts }, target }) => ({
        ...facts,
        command: commandFor(facts.state, target, this.#hints),
      })),
      counts: countStates(told.map(({ session }) => session.state)),
      warming: await readWarming(
        this.#scope.roots,
        alive.map(({ target }) => target),
        this.#hints,
      ),
      isDoubtful: !collected.isKnown,
      // Runs from any directory: the sessions of a project that cannot be named are among those of every project.
      listCommand: this.#hints.command(['session', 'list', ...listFlags(project)]),
    };
  }

  remember(): void {
    this.#index.remember();
  }

  async #judge(session: Session): Promise<EndedSession | undefined> {
    const judged = await judgeSession(session, this.#scope.roots);
    if (judged.kind === 'open') this.#open.set(session.id, judged.session);
    else this.#open.delete(session.id);
    return judged.kind === 'ended' ? judged.session : undefined;
  }

  async #isAlive(id: string, { ids, open }: SessionListing): Promise<boolean> {
    const known = ids.find((one) => one === id);
    const session = known && open(known);
    if (session === undefined) return false;
    const observation = await new SessionSource(session, this.#scope.roots).observe();
    return observation.kind === 'session' && observation.daemon.state === 'alive';
  }

  #target(id: string, { directoryOf }: SessionListing): HintTarget {
    const known = id as Session['id'];
    return hintTarget({ id: known, directory: directoryOf(known) ?? '' }, this.#scope);
  }
}

function countStates(states: readonly SessionFacts['state'][]): BriefContent['counts'] {
  const counts = { alive: 0, finished: 0, dead: 0, unknown: 0 };
  for (const state of states) counts[state] += 1;
  return counts;
}

function listFlags(project: string): string[] {
  return isPrintableWord(project) ? ['--cd', project] : ['--all-projects'];
}
