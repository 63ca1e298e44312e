#!/usr/bin/env node
// Keeps one conversation's prompt cache warm; started by `csa session warm on`, never by hand.
import { closeInheritedDescriptors } from '@csa/liveness';

/** Where its starter hears of it. */
const ANSWER_FD = 3;

// Before anything else is loaded: node:tls reads its certificates on a thread of its own, from a file that looks as if it
// were inherited.
closeInheritedDescriptors([ANSWER_FD]);
const { beatFor } = await import('../dist/warm/warm-heartbeat.js');
await beatFor(process.argv.slice(2), process.env);
process.exit();
