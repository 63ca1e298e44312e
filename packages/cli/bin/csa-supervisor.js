#!/usr/bin/env node
// Runs one command under supervision; started by `csa session start`, never by hand.
import { fileURLToPath } from 'node:url';
import { runSupervisor } from '@csa/supervisor';

await runSupervisor({ hookRunner: fileURLToPath(new URL('csa-hooks.js', import.meta.url)) });
