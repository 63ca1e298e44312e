import type { BriefContent, SkipReason, Watermark } from '@csa/brief';
import { cleanLine } from '@csa/markers';

/** Where a brief's text came from. */
export type BriefOrigin = { readonly from: 'live' } | { readonly from: 'file'; readonly ageMs: number };

/** One project's brief: its text, and the facts that it is made of as they are now. */
export interface ToldBrief {
  readonly origin: BriefOrigin;
  /** Empty where there is nothing to say. */
  readonly text: string;
  readonly content: BriefContent;
}

/** What a refresh did with the file. */
export interface RefreshFields {
  readonly outcome: 'written' | 'unchanged' | 'skipped' | 'failed';
  readonly reason: SkipReason | null;
  readonly error: string | null;
  readonly file: string;
  readonly rendered_chars: number | null;
  readonly watermark: Watermark | null;
}

/** One document for programs; all text in it is clean. */
export function briefDocument(briefs: readonly ToldBrief[], refresh: RefreshFields | null): object {
  return { schema: 'csa.session-brief/1', projects: briefs.map(projectFields), refresh };
}

function projectFields({ origin, text, content }: ToldBrief): object {
  return {
    project: cleanLine(content.project),
    from: origin.from,
    age_ms: origin.from === 'file' ? Math.round(origin.ageMs) : null,
    text,
    counts: content.counts,
    sessions: content.sessions.map(({ startedAt, endedAt, ...session }) => ({
      id: session.id,
      state: session.state,
      status: session.status ?? null,
      exit: session.exit ?? null,
      summary: session.summary ?? null,
      reason: session.reason ?? null,
      tool: session.tool,
      description: session.description,
      started_at: timeOf(startedAt),
      ended_at: endedAt === undefined ? null : timeOf(endedAt),
      cmd: session.command,
    })),
    warming: content.warming.map(({ session, caller, state, until, command }) => ({
      session,
      caller,
      state,
      until: timeOf(until),
      cmd: command,
    })),
    next: { cmd: content.listCommand, tool_timeout_ms: null },
  };
}

/** `null` for what is no time: one record that is off hides no other. */
function timeOf(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
