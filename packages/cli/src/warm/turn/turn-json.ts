import type { WaitDocument } from '@csa/calls';
import { waitJson } from '@csa/calls/wait';
import { nextTurn } from './next-turn.ts';
import { emptyTurnParts, type TurnDocument } from './turn-document.ts';
import type { TurnStory } from './turn-story.ts';

/** The one JSON document of a turn. */
export function turnJson(story: TurnStory, exit: number): TurnDocument {
  const { plan, turns, waited } = story;
  const { next, ...document }: WaitDocument = waitJson(story, exit);
  return {
    ...document,
    ...emptyTurnParts,
    turns,
    ttl_ms: plan.ttl.ms,
    ttl_source: plan.ttl.source,
    cache: plan.cache,
    next: next === null ? null : { ...next, full_cmd: null, run_in_background: false },
    ...ownParts(story, waited.end),
  };
}

function ownParts(story: TurnStory, end: TurnStory['waited']['end']): Partial<TurnDocument> {
  if (end.kind === 'alive') {
    const { action, cmd, fullCmd, toolTimeoutMs } = nextTurn(story);
    return {
      action,
      next: {
        cmd,
        full_cmd: fullCmd ?? null,
        tool_timeout_ms: toolTimeoutMs ?? null,
        run_in_background: action === 'background',
      },
    };
  }
  if (end.kind !== 'finished') return {};
  const cmd = story.hints.session('wait', story.target, ['--json']);
  return {
    action: 'collect',
    outcome: end.outcome.success ? 'success' : 'failure',
    next: { cmd, full_cmd: null, tool_timeout_ms: null, run_in_background: false },
  };
}
