import { collect } from '@csa/calls/collect';
import { lookAtSession } from '@csa/calls/look';
import { readAftermath, requireFinished, resultDocument, viewSession } from '@csa/calls/view';
import type { Host } from '../host.ts';
import { required } from '../input/parameter.ts';
import { text } from '../input/single-parameters.ts';
import { defineTool, READS, type Tool } from '../tool.ts';

export function sessionResult(host: Host): Tool {
  return defineTool({
    name: 'session_result',
    description: 'The record of a finished session: status, exit code, summary, warnings. An error while it is alive.',
    annotations: READS,
    parameters: { id: required(text()) },
    run: async ({ id }) => {
      const located = host.locate(id);
      const looked = await lookAtSession(located, true);
      const { outcome, reason } = requireFinished(looked, located);
      const view = viewSession(located.session, looked);
      const document = resultDocument(outcome, { view, reason, aftermath: readAftermath(looked) });
      return { kind: 'document', document, onShown: () => collect(located, looked) };
    },
  });
}
