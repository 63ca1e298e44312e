import type { BriefContent, BriefSession, BriefWarming } from './content.ts';
import { commandWords, quoted, timeOf, wordOf } from './words.ts';

/** What is said of sessions in one state. */
export interface Section {
  readonly title: string;
  readonly lead: string;
  /** How many there are; more than the entries where not all of them were given. */
  readonly count: number;
  /** One or two lines each, newest first. */
  readonly entries: readonly string[];
}

const MAX_DESCRIPTION = 100;
const MAX_SUMMARY = 160;
const MAX_ID = 64;

type State = BriefSession['state'];

const HEADINGS: Readonly<Record<State, { readonly title: string; readonly lead: string; readonly verb: string }>> = {
  alive: {
    title: 'Alive',
    lead: 'These run now. Do not start them again: wait for each with its command.',
    verb: 'wait',
  },
  finished: {
    title: 'Finished, not collected yet',
    lead: 'These have ended, and nobody was shown how: read the results before the work is done again.',
    verb: 'result',
  },
  dead: {
    title: 'Dead, nothing recorded',
    lead: 'These lost their supervisor and recorded nothing: neither a success nor a failure is known, and the job itself may still run. See what is left, with the command that answers at once, before you start one again.',
    verb: 'verdict',
  },
  unknown: {
    title: 'Cannot be told',
    lead: 'These may still run. Do not start them again before their command has told more.',
    verb: 'explain',
  },
};

/** In the order in which an agent needs them; no section of nothing. */
export function sectionsOf(content: BriefContent): Section[] {
  const states: readonly State[] = ['alive', 'finished', 'dead', 'unknown'];
  const sections = [...states.map((state) => sectionOf(state, content)), warmingSection(content.warming)];
  return sections.filter(({ count }) => count > 0);
}

function sectionOf(state: State, { sessions, counts }: BriefContent): Section {
  const { title, lead, verb } = HEADINGS[state];
  const entries = sessions
    .filter((session) => session.state === state)
    .map((session) => entryOf(storyOf(session), verb, session.command));
  return { title, lead, count: Math.max(counts[state], entries.length), entries };
}

function warmingSection(warming: readonly BriefWarming[]): Section {
  const entries = warming.map((each) => entryOf(warmingStory(each), 'status', each.command));
  return { title: 'Cache warming', lead: 'Prompt caches that are to be kept warm.', count: entries.length, entries };
}

function entryOf(story: string, verb: string, command: string): string {
  return `- ${story}\n  ${verb}: ${commandWords(command)}`;
}

function storyOf(session: BriefSession): string {
  const { id, state, tool, description, summary, reason } = session;
  const who = [
    tool === '' ? undefined : wordOf(tool),
    description === '' ? undefined : quoted(description, MAX_DESCRIPTION),
  ];
  const facts = [
    ...(state === 'finished' ? endOf(session) : []),
    reason === undefined ? undefined : `reason ${quoted(reason, MAX_SUMMARY)}`,
    `started ${timeOf(session.startedAt) ?? 'at an unknown time'}`,
    session.endedAt === undefined ? undefined : `ended ${timeOf(session.endedAt) ?? 'at an unknown time'}`,
    summary === undefined || summary === '' ? undefined : `summary ${quoted(summary, MAX_SUMMARY)}`,
  ];
  return `${wordOf(id.slice(0, MAX_ID))}, ${joined(who, ' ') || 'name unknown'}: ${joined(facts, ', ')}`;
}

function endOf({ status, exit }: BriefSession): (string | undefined)[] {
  return [
    status === undefined ? undefined : `status ${wordOf(status)}`,
    exit === undefined ? undefined : `exit ${exit}`,
  ];
}

function warmingStory({ session, caller, state, until }: BriefWarming): string {
  const end = timeOf(until) ?? 'an unknown time';
  const what = state === 'on' ? `on until ${end}` : `should be on until ${end}, but nobody sends requests`;
  return `${wordOf(session.slice(0, MAX_ID))}, for ${quoted(caller, MAX_DESCRIPTION)}: ${what}`;
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter((part) => part !== undefined).join(separator);
}
