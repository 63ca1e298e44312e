// A hook runner that runs nothing: it leaves its errand, and what of it anybody can see, in the session's directory.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHookErrand } from './index.ts';

const errand = readHookErrand();
const path = join(errand.directory, 'errand.json');
const commandLine = readFileSync('/proc/self/cmdline', 'utf8');
const seen = { commandLine, leader: process.ppid, cwd: process.cwd(), cookie: process.env['CSA_HOOK_SESSION'] };
writeFileSync(`${path}.part`, JSON.stringify({ errand, ...seen }));
renameSync(`${path}.part`, path);
