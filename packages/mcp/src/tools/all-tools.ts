import type { Host } from '../host.ts';
import type { Tool } from '../tool.ts';
import { sessionBrief } from './session-brief.ts';
import { sessionList } from './session-list.ts';
import { sessionLogs } from './session-logs.ts';
import { sessionResult } from './session-result.ts';
import { sessionStart } from './session-start.ts';
import { sessionStatus } from './session-status.ts';
import { sessionStop } from './session-stop.ts';
import { sessionWait } from './session-wait.ts';

/** In the order of their use; the list stands in prompt caches, and is the same everywhere. */
export function allTools(host: Host): Tool[] {
  return [
    sessionStart,
    sessionWait,
    sessionStatus,
    sessionResult,
    sessionLogs,
    sessionStop,
    sessionList,
    sessionBrief,
  ].map((make) => make(host));
}
