import { renderBrief } from '@csa/brief';
import { openSource, type ProjectBrief } from '@csa/calls/brief';
import { cleanLine } from '@csa/markers';
import type { Host } from '../host.ts';
import { text } from '../input/single-parameters.ts';
import { defineTool, READS, type Tool } from '../tool.ts';

/** A conversation has one project, perhaps a few. */
const MOST_KEPT = 8;

export function sessionBrief(host: Host): Tool {
  const known = new KnownProjects(host);
  return defineTool({
    name: 'session_brief',
    description: 'What a starting agent should know: sessions that run, and ended ones whose results nobody has read.',
    annotations: READS,
    parameters: { cd: text() },
    run: async ({ cd }) => {
      const { project, brief } = known.open(cd);
      const told = renderBrief(await brief.source.content());
      return { kind: 'text', text: told === '' ? nothingIn(project) : told.trimEnd() };
    },
  });
}

function nothingIn(project: string): string {
  return `Nothing to tell in ${cleanLine(project)}: no session is alive, and none has ended that was not collected.`;
}

/** What has ended for good is read once in the life of a server. */
class KnownProjects {
  readonly #host: Host;
  readonly #briefs = new Map<string, ProjectBrief>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** @throws Refusal reason=invalid-directory | no-home */
  open(cd: string | undefined): { readonly project: string; readonly brief: ProjectBrief } {
    const scope = this.#host.scope(cd);
    const { project } = scope;
    const brief = this.#briefs.get(project) ?? openSource(scope, this.#host.hints);
    // The one used last stands last: the first goes when there are too many.
    this.#briefs.delete(project);
    this.#briefs.set(project, brief);
    const [oldest] = this.#briefs.keys();
    if (this.#briefs.size > MOST_KEPT && oldest !== undefined) this.#briefs.delete(oldest);
    return { project, brief };
  }
}
