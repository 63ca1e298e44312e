import type { WarmCaller } from '@csa/warm';

/** As `--caller` takes it. */
export function callerName({ agent, id }: WarmCaller): string {
  return `${agent}:${id}`;
}
