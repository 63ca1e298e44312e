import { formatDuration } from '../../duration.ts';
import { safeCapMs, TOOL_MARGIN_MS } from '../../wait/cap.ts';
import { sameWait } from '../../wait/next-wait.ts';
import type { TurnStory } from './turn-story.ts';

/** What the caller of a living session should do next. */
export interface NextTurn {
  readonly action: 're-warm' | 'background';
  /** Safe as it stands: the caller's shell tool does not end it before it answers. */
  readonly cmd: string;
  /** The same for as long as the cache lives, where the shell tool must be asked for more time. */
  readonly fullCmd?: string;
  readonly toolTimeoutMs?: number;
}

/** By the caller's cache and by what its shell tool allows; past the break-even a turn costs more than it saves. */
export function nextTurn(story: TurnStory): NextTurn {
  return story.turns >= story.plan.breakEven ? inBackground(story) : againSoon(story);
}

function inBackground({ hints, target, flags, shell }: TurnStory): NextTurn {
  const cmd = hints.session('wait', target, ['--until-done', ...flags]);
  return { action: 'background', cmd, ...(shell === undefined ? {} : { toolTimeoutMs: shell.maxMs }) };
}

function againSoon(story: TurnStory): NextTurn {
  const { hints, target, flags, shell, plan, askedMs } = story;
  const wantMs = Math.min(plan.fullMs, askedMs ?? plan.fullMs);
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
