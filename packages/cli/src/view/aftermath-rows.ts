import { formatDuration } from '@csa/calls';
import type { Aftermath, StopView } from '@csa/calls/view';

/** For people, each with the name of its kind. */
export function aftermathRows({ warnings, stop_request }: Aftermath): Array<[name: string, text: string]> {
  const stop: Array<[string, string]> = stop_request === null ? [] : [['stop asked', describeStop(stop_request)]];
  return [...stop, ...warnings.map((text): [string, string] => ['warning', text])];
}

function describeStop({ by, at, why, signal, grace_ms }: StopView): string {
  return `by ${by} at ${at}, ${signal}, grace ${formatDuration(grace_ms)}${why === '' ? '' : `: ${why}`}`;
}
