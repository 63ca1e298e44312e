import { formatDuration } from '@csa/calls';
import { stopDocument, stopMany, stopManyDocument, stopRequest, stopSession } from '@csa/calls/stop';
import { Refusal } from '@csa/session';
import type { Answer } from '../answer.ts';
import type { Host } from '../host.ts';
import { words } from '../input/many-parameters.ts';
import { required } from '../input/parameter.ts';
import { duration, text } from '../input/single-parameters.ts';
import { defineTool, type Tool } from '../tool.ts';
import { MOST_IDS } from './session-wait.ts';

export function sessionStop(host: Host): Tool {
  return defineTool({
    name: 'session_stop',
    description: 'End sessions and wait for their records: the signal first, after the grace KILL.',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    parameters: {
      ids: required(words({ max: MOST_IDS })),
      reason: text('why, for the record'),
      signal: text('default TERM'),
      grace: duration('default 10s'),
    },
    run: async ({ ids, reason = '', signal = 'TERM', grace = '10s' }, { progress }) => {
      const request = stopRequest({ signal, grace, reason }, host.env);
      const words = `stopping, at most ${formatDuration(request.graceMs)} until it is killed`;
      const telling = progress.begin(() => words);
      try {
        return await stopAll(host, ids, request);
      } finally {
        telling.end();
      }
    },
  });
}

async function stopAll(host: Host, ids: readonly string[], request: ReturnType<typeof stopRequest>): Promise<Answer> {
  const [id, another] = ids;
  if (id !== undefined && another === undefined) {
    return { kind: 'document', document: stopDocument(await stopSession(host.locate(id), request)) };
  }
  const attempts = await stopMany(choose(host, ids), request);
  const isError = attempts.some(({ kind }) => kind === 'failed');
  return { kind: 'document', document: stopManyDocument(attempts, undefined), ...(isError ? { isError } : {}) };
}

type Choice = Parameters<typeof stopMany>[0][number];

/** Each once; one that cannot be told keeps no other from being stopped. */
function choose(host: Host, ids: readonly string[]): Choice[] {
  const choices = ids.map((id) => chosen(host, id));
  const keys = choices.map((choice) => (choice.kind === 'located' ? choice.located.session.directory : choice.id));
  return choices.filter((_, i) => keys.indexOf(keys[i] ?? '') === i);
}

function chosen(host: Host, id: string): Choice {
  try {
    return { kind: 'located', located: host.locate(id) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', id, refusal: error };
  }
}
