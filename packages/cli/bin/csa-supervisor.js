#!/usr/bin/env node
// Runs one command under supervision; started by `csa session start`, never by hand.
import { fileURLToPath } from 'node:url';
import { runSupervisor } from '@csa/supervisor';
import { refreshOnWake } from '../dist/brief/wake.js';

const hookRunner = fileURLToPath(new URL('csa-hooks.js', import.meta.url));
await runSupervisor({ hookRunner, ...refreshOnWake(process.env) });
