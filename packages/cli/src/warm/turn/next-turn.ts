import { formatDuration } from '@csa/calls';
import { KEEP_CAP_MS, safeCapMs, TOOL_MARGIN_MS } from '@csa/calls/settings';
import { sameWait } from '@csa/calls/wait';
import type { TurnStory } from './turn-story.ts';

/** Why no further turn is asked for. */
type Because = 'past-break-even' | 'cut-short';

/** What the caller of a living session should do next. */
export interface NextTurn {
  readonly action: 're-warm' | 'background';
  /** Of the background. */
  readonly because?: Because;
  /** Safe as it stands: the caller's shell tool does not end it before it answers. */
  readonly cmd: string;
  /** The same for as long as the cache lives, where the shell tool must be asked for more time. */
  readonly fullCmd?: string;
  readonly toolTimeoutMs?: number;
}

/**
 * By the caller's cache and by what its shell tool allows. Past the break-even a turn costs more than it saves; before
 * it, one that the tool ends too early reads a cache that would have lived on: both are one wait in the background.
 */
export function nextTurn(story: TurnStory): NextTurn {
  if (story.turns >= story.plan.breakEven) return inBackground(story, 'past-break-even');
  return isCutShort(story) ? inBackground(story, 'cut-short') : againSoon(story);
}

/** No call of the shell tool lasts as long as a turn pays. A cap of the user's own is what they want, long or short. */
function isCutShort({ shell, plan, askedMs }: TurnStory): boolean {
  return shell !== undefined && askedMs === undefined && plan.fullMs + TOOL_MARGIN_MS > shell.maxMs;
}

function inBackground({ hints, target, flags, shell }: TurnStory, because: Because): NextTurn {
  const cmd = hints.session('wait', target, ['--until-done', ...flags]);
  return { action: 'background', because, cmd, ...(shell === undefined ? {} : { toolTimeoutMs: shell.maxMs }) };
}

function againSoon(story: TurnStory): NextTurn {
  const { hints, target, flags, shell, plan, askedMs } = story;
  // A short cap was a quick look, and the next turn is a whole one.
  const wantMs = askedMs === undefined || askedMs < KEEP_CAP_MS ? plan.fullMs : Math.min(plan.fullMs, askedMs);
  const safeMs = shell === undefined ? wantMs : Math.min(wantMs, safeCapMs(shell));
  const mostMs = shell === undefined ? wantMs : Math.max(safeMs, Math.min(wantMs, shell.maxMs - TOOL_MARGIN_MS));
  const full = ['--cap', formatDuration(mostMs), ...flags];
  return {
    action: 're-warm',
    cmd: sameWait(story),
    ...(mostMs > safeMs ? { fullCmd: hints.session('warm', target, full) } : {}),
    toolTimeoutMs: Math.ceil(mostMs) + TOOL_MARGIN_MS,
  };
}
