#!/usr/bin/env node
// Runs the hooks of a session that is over; started by its supervisor, never by hand.
import { runHooks } from '../dist/hooks/run-hooks.js';

await runHooks(process.argv[2]);
