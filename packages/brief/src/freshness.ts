const DEFAULT_MIN_SEC = 60;
const DEFAULT_MAX_SEC = 43_200;
const SECONDS = /^\d+(?:\.\d+)?$/;

/** How long a brief that was just written is left as it is, in milliseconds: CSA_BRIEF_REFRESH_MIN_SEC. */
export function minIntervalMs(env: NodeJS.ProcessEnv): number {
  return milliseconds(env['CSA_BRIEF_REFRESH_MIN_SEC'], DEFAULT_MIN_SEC);
}

/** How old a brief may be that is served from its file, in milliseconds; 0: any age. CSA_BRIEF_MAX_AGE_SEC. */
export function maxAgeMs(env: NodeJS.ProcessEnv): number {
  return milliseconds(env['CSA_BRIEF_MAX_AGE_SEC'], DEFAULT_MAX_SEC);
}

/** A hook has nobody to complain to: what is no number of seconds from 0 on counts as not set. */
function milliseconds(text: string | undefined, otherwise: number): number {
  const seconds = SECONDS.test(text?.trim() ?? '') ? Number(text) : Number.NaN;
  return (Number.isFinite(seconds) ? seconds : otherwise) * 1000;
}
