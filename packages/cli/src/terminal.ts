import { AGENT_MARKS } from '@csa/session';

/** What may be drawn on a stream. */
export interface Terminal {
  /** One line that is drawn anew. */
  readonly isLive: boolean;
  readonly hasColour: boolean;
  readonly columns: number;
}

const DEFAULT_COLUMNS = 80;

/**
 * NO_COLOR (no-color.org) and FORCE_COLOR are heeded for colours alone; nothing is animated anywhere but on a terminal
 * that can do it, and an agent's shell gets plain lines whatever it is.
 */
export function terminalOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: NodeJS.ProcessEnv,
): Terminal {
  const isAgent = AGENT_MARKS.some((mark) => Boolean(env[mark]));
  const isCi = !isOff(env['CI']);
  const isLive = stream.isTTY === true && env['TERM'] !== 'dumb' && !isCi && !isAgent;
  return { isLive, hasColour: !isAgent && wantsColour(env, isLive), columns: stream.columns || DEFAULT_COLUMNS };
}

function wantsColour(env: NodeJS.ProcessEnv, isLive: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  return forced === undefined ? isLive : forced === '' || !isOff(forced);
}

function isOff(text: string | undefined): boolean {
  return ['', '0', 'false'].includes(text?.toLowerCase() ?? '');
}
