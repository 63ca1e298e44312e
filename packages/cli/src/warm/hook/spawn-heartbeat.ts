import type { WarmRecord } from '@csa/warm/hook';
export function spawnHeartbeat(_record: WarmRecord, _env: NodeJS.ProcessEnv): void {}
