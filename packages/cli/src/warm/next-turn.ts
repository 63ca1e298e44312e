import { formatDuration } from '../duration.ts';
import { safeCapMs, TOOL_MARGIN_MS } from '../wait/cap.ts';
import { KEEP_CAP_MS } from '../wait/wait-settings.ts';
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
  const { hints, target, shell, capFlag, plan } = story;
  const flags = story.json ? [...story.flags, '--json'] : story.flags;
  if (story.turns >= plan.breakEven) {
    const cmd = hints.session('wait', target, ['--until-done', ...flags]);
    return { action: 'background', cmd, ...(shell === undefined ? {} : { toolTimeoutMs: shell.maxMs }) };
  }
  const wantMs = Math.min(plan.fullMs, capFlag?.ms ?? Number.POSITIVE_INFINITY);
  const safeMs = shell === undefined ? Number.POSITIVE_INFINITY : safeCapMs(shell);
  const mostMs = shell === undefined ? wantMs : Math.min(wantMs, shell.maxMs - TOOL_MARGIN_MS);
  const isKept = capFlag !== undefined && capFlag.ms >= KEEP_CAP_MS && capFlag.ms <= safeMs;
  const again = (cap: readonly string[]): string => hints.session('warm', target, [...cap, ...flags]);
  return {
    action: 're-warm',
    cmd: again(isKept ? ['--cap', capFlag.text] : []),
    ...(mostMs > safeMs ? { fullCmd: again(['--cap', formatDuration(mostMs)]) } : {}),
    toolTimeoutMs: Math.round(Math.max(mostMs, Math.min(wantMs, safeMs))) + TOOL_MARGIN_MS,
  };
}
