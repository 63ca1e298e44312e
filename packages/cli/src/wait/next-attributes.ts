import { formatDuration } from '@csa/calls';
import type { CapChoice } from '@csa/calls/settings';
import type { NextWait } from '@csa/calls/wait';
import type { AttributeValue } from '@csa/markers';

/** What a marker says of the next wait, and of the cap that ended this one. */
export function nextAttributes(next: NextWait, { capMs, source }: CapChoice): Array<readonly [string, AttributeValue]> {
  return [
    ['action', next.action],
    ['cmd', next.cmd],
    ['full_cmd', next.fullCmd],
    ['run_in_background', next.action === 'background' ? true : undefined],
    ['tool_timeout_ms', next.toolTimeoutMs],
    ['cap', capMs === undefined ? 'until-done' : formatDuration(capMs)],
    ['cap_source', source],
  ];
}
