// A hook runner that runs nothing: it leaves its errand, and what of it anybody can see, in the session's directory.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHookErrand } from './index.ts';

const errand = readHookErrand();
if (errand !== undefined) {
  const path = join(errand.directory, 'errand.json');
  const seen = { commandLine: readFileSync('/proc/self/cmdline', 'utf8'), leader: process.ppid, cwd: process.cwd() };
  writeFileSync(`${path}.part`, JSON.stringify({ errand, ...seen }));
  renameSync(`${path}.part`, path);
}
