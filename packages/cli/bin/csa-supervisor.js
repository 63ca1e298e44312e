#!/usr/bin/env node
// Runs one command under supervision; started by `csa session start`, never by hand.
import { runSupervisor } from '@csa/supervisor';

await runSupervisor();
