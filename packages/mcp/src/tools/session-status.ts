import { lookAtSession } from '@csa/calls/look';
import { viewStatus } from '@csa/calls/status';
import type { Host } from '../host.ts';
import { required } from '../input/parameter.ts';
import { text } from '../input/single-parameters.ts';
import { defineTool, READS, type Tool } from '../tool.ts';

const ID = required(text('its id or the beginning of it'));

export function sessionStatus(host: Host): Tool {
  return defineTool({
    name: 'session_status',
    description:
      'One look at a session: alive, finished, dead or unknown, and why. Not for polling: session_wait blocks.',
    annotations: READS,
    parameters: { id: ID },
    run: async ({ id }) => {
      const located = host.locate(id);
      const status = await viewStatus(located, await lookAtSession(located), host.env);
      return { kind: 'document', document: compact(status) };
    },
  });
}

/** The files of its record, and what says nothing, are left out: a model pays for each word. */
function compact({ record, ...status }: object & { readonly record: unknown }): object {
  const isSaid = (value: unknown): boolean =>
    value !== null && value !== '' && !(typeof value === 'object' && Object.keys(value as object).length === 0);
  return Object.fromEntries(Object.entries(status).filter(([, value]) => isSaid(value)));
}
