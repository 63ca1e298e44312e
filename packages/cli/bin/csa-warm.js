#!/usr/bin/env node
// Keeps one conversation's prompt cache warm; started by `csa session warm on`, never by hand.
import { beatFor } from '../dist/warm/warm-heartbeat.js';

await beatFor(process.argv.slice(2), process.env);
process.exit();
