import { cleanLine } from '@csa/markers';
import type { WaitDocument } from '../../wait-document.ts';
import { waitExitCode } from '../wait-exit-code.ts';
import { waitJson } from '../wait-json.ts';
import { judgeMany, type ManyStory, type ManyVerdict, type MemberStory, reasonOf, type Tally } from './many-story.ts';
import type { Need } from './need.ts';
import { nextWaitForMany, sameWaitForMany, waitForRest } from './next-commands.ts';

/** The one JSON document of a wait for several sessions; every field is always there. */
export interface ManyDocument {
  readonly schema: 'csa.session-wait-many/1';
  readonly wait_result: 'finished' | 'alive' | 'dead' | 'unknown' | 'interrupted' | 'error';
  readonly exit: number;
  readonly need: Need;
  /** Whether as many are over as were needed. */
  readonly met: boolean;
  readonly decided_by: string | null;
  readonly reason: string | null;
  readonly counts: Tally;
  readonly elapsed_ms: number;
  readonly cap_ms: number | null;
  readonly cap_source: string;
  /** All of them, in the order given. */
  readonly sessions: readonly MemberDocument[];
  readonly next: WaitDocument['next'];
}

type MemberDocument = Omit<WaitDocument, 'schema' | 'cap_ms' | 'cap_source' | 'message'> & {
  /** Whether the answer is made of it: with --any and --count those alone that were over first. */
  readonly counts: boolean;
};

/** There may be hundreds of them. */
const MAX_SUMMARY_BYTES = 1_000;

export function manyJson(many: ManyStory): ManyDocument {
  const verdict = judgeMany(many);
  return {
    schema: 'csa.session-wait-many/1',
    wait_result: verdict.ending === 'completed' ? 'finished' : verdict.ending,
    exit: verdict.exitCode,
    need: many.need,
    met: many.outcome === 'met',
    decided_by: verdict.decidedBy?.story.session ?? null,
    reason: many.outcome === 'interrupted' ? (many.interruption ?? null) : (reasonOf(verdict.decidedBy) ?? null),
    counts: verdict.tally,
    elapsed_ms: Math.round(many.elapsedMs),
    cap_ms: many.cap.capMs ?? null,
    cap_source: many.cap.source,
    sessions: many.members.map(memberJson),
    next: nextOf(many, verdict),
  };
}

function memberJson({ story, counts }: MemberStory): MemberDocument {
  const { schema, cap_ms, cap_source, message, ...document } = waitJson(story, waitExitCode(story));
  const { summary } = document;
  return { ...document, summary: summary === null ? null : cleanLine(summary, MAX_SUMMARY_BYTES), counts };
}

function nextOf(many: ManyStory, { ending, decidedBy }: ManyVerdict): WaitDocument['next'] {
  const plain = (cmd: string | undefined): WaitDocument['next'] =>
    cmd === undefined ? null : { cmd, tool_timeout_ms: null };
  switch (ending) {
    case 'alive': {
      const { cmd, toolTimeoutMs } = nextWaitForMany(many);
      return { cmd, tool_timeout_ms: toolTimeoutMs ?? null };
    }
    case 'completed':
      return plain(waitForRest(many));
    case 'dead':
      return plain(decidedBy && many.hints.session('status', decidedBy.story.target, ['--explain']));
    case 'unknown':
    case 'interrupted':
      return plain(sameWaitForMany(many));
    case 'error':
      return plain(many.hints.command(['session', 'list']));
  }
}
