/** How a session's end was shown to somebody. Another end of the same session, as after a resume, is another one. */
export interface ShownEnd {
  readonly kind: 'finished' | 'dead';
  readonly status?: string;
  readonly exit?: number;
  /** As recorded. */
  readonly completedAt?: string;
}
