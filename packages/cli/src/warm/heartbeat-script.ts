import { fileURLToPath } from 'node:url';

/** The heartbeat's own executable. Alone in its file: a hook that starts one loads nothing else for it. */
export const HEARTBEAT_SCRIPT: string = fileURLToPath(new URL('../../bin/csa-warm.js', import.meta.url));
