import type { Hints } from '@csa/calls';
import { formatCommand, isPrintableWord } from '@csa/markers';
import { type Finding, findingsOf, type Remedy } from './finding.ts';
import type { SessionsFacts, Suspect } from './sessions.ts';

const { ok, note, warning, problem } = findingsOf('sessions');
/** Findings of one kind that are told one by one. */
const MAX_TOLD = 5;

/** A text is why the sessions could not be listed. */
export function judgeSessions(facts: SessionsFacts | string, hints: Hints): Finding[] {
  if (typeof facts === 'string') return [problem(facts, 'Give yourself the right to read it')];
  return [
    judgeCounts(facts),
    ...(['survivor', 'stopped', 'idle supervisor', 'lingering'] as const).flatMap((kind) =>
      told(facts.suspects.filter((suspect) => suspect.kind === kind).map((suspect) => judgeSuspect(suspect, hints))),
    ),
    ...judgeUnknown(facts.suspects),
    ...judgeLeftovers(facts.leftovers, hints),
    ...judgeTrials(facts.trials),
  ];
}

function judgeCounts({ total, looked, states, logBytes }: SessionsFacts): Finding {
  if (total === 0) return ok('no sessions yet');
  const scope =
    looked < total ? `the ${looked} newest of ${total} sessions` : `${total} ${total === 1 ? 'session' : 'sessions'}`;
  const counts = Object.entries(states).flatMap(([state, count]) => (count === 0 ? [] : [`${count} ${state}`]));
  return ok(`${scope}: ${counts.join(', ')}; their logs have ${Math.ceil(logBytes / 2 ** 20)} MiB`);
}

function judgeSuspect(suspect: Suspect, hints: Hints): Finding {
  const { id } = suspect.located.session;
  const stop = { say: 'End what is left', run: hints.session('stop', suspect.located.target) };
  switch (suspect.kind) {
    case 'survivor':
      return warning(`session ${id} is dead, and a process of its command still runs (pid ${suspect.pid})`, stop);
    case 'stopped':
      return warning(
        `the supervisor of session ${id} is stopped by a signal: it records nothing until it goes on`,
        continuing(suspect.pid),
      );
    case 'idle supervisor':
      return warning(`the command of session ${id} has ended, its supervisor has not`, stop);
    case 'lingering':
      return warning(`session ${id} has finished, its supervisor has not left`, stop);
    case 'unknown':
      return note(`session ${id} is of unknown liveness (${suspect.reason})`);
  }
}

function continuing(pid: number | null): Remedy {
  return pid === null ? 'Let it go on' : { say: 'Let it go on', run: formatCommand(['kill', '-CONT', String(pid)]) };
}

function judgeUnknown(suspects: readonly Suspect[]): Finding[] {
  const byReason = new Map<string, string[]>();
  for (const suspect of suspects) {
    if (suspect.kind !== 'unknown') continue;
    byReason.set(suspect.reason, [...(byReason.get(suspect.reason) ?? []), suspect.located.session.id]);
  }
  return Array.from(byReason, ([reason, ids]) => {
    const rest = ids.length - MAX_TOLD;
    const names = `${ids.slice(0, MAX_TOLD).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    return note(`${ids.length} of unknown liveness (${reason}): ${names}`);
  });
}

function told(findings: readonly Finding[]): Finding[] {
  const rest = findings.slice(MAX_TOLD);
  const [first] = rest;
  return first === undefined
    ? [...findings]
    : [
        ...findings.slice(0, MAX_TOLD),
        { ...first, finding: `${rest.length} more like this, the first of them: ${first.finding}` },
      ];
}

function judgeLeftovers(count: number, hints: Hints): Finding[] {
  if (count === 0) return [];
  const found = `${describeCount(count)} left of starts or removals that were cut off`;
  const run = hints.command(['session', 'gc', '--all-projects', '--dry-run']);
  return [warning(found, { say: 'Remove them with session gc; this shows what else would go', run })];
}

function judgeTrials(trials: readonly string[]): Finding[] {
  if (trials.length === 0) return [];
  const shown = trials.filter(isPrintableWord).slice(0, MAX_TOLD);
  const remedy = {
    say: 'Nothing has touched them for an hour: remove them',
    run: formatCommand(['rm', '-rf', '--', ...shown]),
  };
  const found = `${describeCount(trials.length)} left of doctors that were ended`;
  return [warning(found, shown.length === 0 ? 'Remove the .doctor- directories in the state root' : remedy)];
}

function describeCount(count: number): string {
  return `${count} ${count === 1 ? 'directory is' : 'directories are'}`;
}
