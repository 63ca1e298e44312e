import { cleanLine } from '@csa/markers';
import { EventFile, errnoOf, Refusal } from '@csa/session/files';
import type { BriefPlaces } from './places.ts';
import { sightOf } from './sight.ts';
import type { SkipReason, Trigger } from './trigger.ts';
import type { Watermark } from './watermark.ts';

/** What is told to programs about one refresh. The names are those of the line. */
export type BriefEvent = {
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly trigger: Trigger;
  readonly project: string;
} & (
  | { readonly event: 'brief_write_started' }
  | {
      readonly event: 'brief_write_success';
      /** UTF-16 units. */
      readonly rendered_chars: number;
      readonly watermark: Watermark;
      readonly duration_ms: number;
    }
  | { readonly event: 'brief_write_skipped'; readonly reason: SkipReason }
  | {
      readonly event: 'brief_write_failed';
      /** The code of a system error or a refusal's reason, else the error's class. */
      readonly error_type: string;
      /** Cleaned, at most {@link MAX_MESSAGE} characters. */
      readonly message: string;
      readonly duration_ms: number;
      readonly severity: 'warning';
    }
);

export type Tell = (event: BriefEvent) => void;

export const MAX_MESSAGE = 200;

/** Writes events as lines for programs into the project's workshop; a link in its place leads to somebody else's. */
export function tellingTo({ workshop }: BriefPlaces): Tell {
  const file = new EventFile(workshop, 'csa.brief-event/1');
  return (event) => {
    if (sightOf(workshop) !== undefined) file.tell(event);
  };
}

/** What a failure is called in an event. */
export function failureWords(error: unknown): { readonly error_type: string; readonly message: string } {
  const message = cleanLine(error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
  return { error_type: typeOf(error), message: message.toWellFormed() };
}

function typeOf(error: unknown): string {
  if (error instanceof Refusal) return error.reason;
  return errnoOf(error) ?? (error instanceof Error ? error.name : typeof error);
}
