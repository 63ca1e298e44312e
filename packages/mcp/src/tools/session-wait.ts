import type { Located } from '@csa/calls';
import { collect } from '@csa/calls/collect';
import { type Around, locateAll, manyJson, Several } from '@csa/calls/many';
import { type Need, type WaitStory, waitExitCode, waitForSession, waitJson } from '@csa/calls/wait';
import { Refusal } from '@csa/session';
import { SessionSource } from '@csa/wait';
import type { Answer } from '../answer.ts';
import type { Host } from '../host.ts';
import { words } from '../input/many-parameters.ts';
import { required } from '../input/parameter.ts';
import { choice, duration, whole } from '../input/single-parameters.ts';
import { type Call, defineTool, READS, type Tool } from '../tool.ts';
import { waitLength } from '../wait/cap-of.ts';
import { failedWait } from '../wait/failed-wait.ts';
import { nextOfMany, nextOfOne, type WaitInput } from '../wait/next-of-wait.ts';
import { progressOfMany, progressOfOne } from '../wait/progress-words.ts';

/** As many as anybody would name by hand. */
export const MOST_IDS = 500;

export function sessionWait(host: Host): Tool {
  return defineTool({
    name: 'session_wait',
    description:
      'Block until sessions have finished, or until the cap. wait_result: finished (exit, status, summary), alive (healthy at the cap: call again as next says), dead, unknown. Never poll instead.',
    annotations: READS,
    parameters: {
      ids: required(words({ max: MOST_IDS, description: 'whole ids, or beginnings of ids' })),
      mode: choice(['all', 'any'], 'of several; default all'),
      count: whole({ min: 1, max: MOST_IDS, description: 'or so many of them' }),
      cap: duration('longest wait, up to 6900s; default: what pays'),
    },
    failed: failedWait,
    run: async (input, call) => {
      const located = locateAll(
        input.ids.map((id) => host.wish(id)),
        host.env,
      );
      const need = needOf(input, located.length);
      const [only] = located;
      return input.ids.length === 1 && only !== undefined
        ? waitOne(only, { host, input, call })
        : waitSeveral(located, need, { host, input, call });
    },
  });
}

interface Asked {
  readonly host: Host;
  readonly input: WaitInput;
  readonly call: Call;
}

async function waitOne(located: Located, { host, input, call }: Asked): Promise<Answer> {
  const around = aroundOf(located, host, input);
  const source = new SessionSource(located.session, located.scope.roots, host.watching);
  const telling = call.progress.begin(
    progressOfOne(() => source.resolved),
    around.cap.capMs,
  );
  try {
    const ended = await waitForSession({ located, source }, { ...around, trustResult: false }, call);
    const story: WaitStory = { ...around, ...ended, session: located.session.id, target: located.target };
    const document = waitJson(story, waitExitCode(story));
    return {
      kind: 'document',
      document: { ...document, next: nextOfOne(document, input) },
      onShown: () => collect(located, ended),
    };
  } finally {
    telling.end();
  }
}

async function waitSeveral(located: readonly Located[], need: Need, { host, input, call }: Asked): Promise<Answer> {
  const around = aroundOf(located[0] as Located, host, input);
  const several = new Several(located, host.watching);
  const telling = call.progress.begin(
    progressOfMany(() => several.now()),
    around.cap.capMs,
  );
  try {
    const many = await several.wait(need, { ...around, trustResult: false }, call);
    const document = manyJson(several.story(many, around));
    const onShown = (): void => {
      for (const [index, end] of many.ends.entries()) collect(located[index] as Located, end);
    };
    return { kind: 'document', document: { ...document, next: nextOfMany(document, input) }, onShown };
  } finally {
    telling.end();
  }
}

/** The config of the first session's project counts, as for the command. */
function aroundOf({ project }: Located, { env, hints }: Host, { cap }: WaitInput): Around {
  return { ...waitLength(cap, env, project), hints, waitFlags: ['--json'] };
}

/** @throws Refusal reason=usage | bad-count */
function needOf({ mode, count }: WaitInput, sessions: number): Need {
  if (count === undefined) return mode === 'any' ? { mode, count: 1 } : { mode: 'all', count: sessions };
  if (mode === undefined && count <= sessions) return { mode: 'count', count };
  throw new Refusal({
    reason: mode === undefined ? 'bad-count' : 'usage',
    what: 'how many of the sessions have to be over cannot be told',
    expected: mode === undefined ? `a count up to ${sessions}, for so many are named` : 'mode or count, not both',
    got: mode === undefined ? String(count) : 'both',
    next: 'Call session_wait again; nothing has been done',
  });
}
