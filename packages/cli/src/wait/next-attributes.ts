import type { AttributeValue } from '@csa/markers';
import { formatDuration } from '../duration.ts';
import type { CapChoice } from './cap.ts';
import type { NextWait } from './next-wait.ts';

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
