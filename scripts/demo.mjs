// A walk through the life of one session with the built csa. Ends with 0 only if every step answered as it should.
//   npm run demo
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CSA = join(ROOT, 'packages/cli/bin/csa.js');
const PINNED_NODE = join(ROOT, 'node_modules/node/bin/node');
const NODE = existsSync(PINNED_NODE) ? PINNED_NODE : process.execPath;

const JOB = 'for i in 1 2 3 4 5 6 7 8 9 10; do echo "step $i/10"; sleep 1; done; echo "all 10 steps done"';

/** Settings of the caller's that would change what the demo expects. */
const { CSA_ALIVE_EXIT_CODE: _code, CSA_WAIT_CAP: _cap, ...ENV } = process.env;

class Unexpected extends Error {}

try {
  walk();
} catch (error) {
  if (!(error instanceof Unexpected)) throw error;
  console.error(`\nThe demo stops here: ${error.message}`);
  process.exitCode = 1;
}

function walk() {
  const { id, directory } = start();
  const hint = waitTooShort(id);
  followHint(hint);
  readRecord(id);
  say(`That was a session. Its files stay where they are: ${directory}`);
}

function start() {
  say("Start a job of about 10 s as a session. The command returns at once and prints the session's id:");
  const { code, stdout, stderr } = csa(['session', 'start', '--', 'sh', '-c', JOB]);
  const id = stdout.trim();
  expect(code === 0 && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id), 'an id on stdout and exit code 0 were due');
  const directory = attribute(marker(`${stderr}\n${stdout}`, 'SESSION_STARTED'), 'dir');
  expect(
    directory !== undefined && existsSync(directory),
    "the marker SESSION_STARTED should name the session's directory",
  );
  return { id, directory };
}

function waitTooShort(id) {
  say('Wait for it, but no longer than 4 s:');
  const { code, stdout } = csa(['session', 'wait', id, '--cap', '4s']);
  const warm = marker(lastLine(stdout), 'SESSION_WAIT_KV_WARM');
  expect(code === 0 && attribute(warm, 'status') === 'alive', 'KV_WARM with status=alive and exit code 0 were due');
  say(
    'KV_WARM is no failure: the session lives, only the wait is over, early enough for the cache of an agent that waits.\n' +
      'Its cmd= is the one command to run next. So run exactly that, in a fresh shell:',
  );
  const hint = attribute(warm, 'cmd');
  expect(hint !== undefined, 'the marker should hold cmd=');
  return hint;
}

function followHint(hint) {
  const { code, stdout } = show(hint, 'sh', ['-c', hint]);
  const completed = marker(lastLine(stdout), 'SESSION_WAIT_COMPLETED');
  expect(code === 0 && attribute(completed, 'status') === 'success', 'COMPLETED with status=success was due');
}

function readRecord(id) {
  say('It has finished, and well. What it left can be read at any time:');
  const result = csa(['session', 'result', id]);
  expect(result.code === 0 && result.stdout.trim() !== '', 'the result and exit code 0 were due');
  const logs = csa(['session', 'logs', id, '--tail', '3']);
  expect(logs.code === 0 && logs.stdout.includes('all 10 steps done'), "the job's last line was due");
}

function csa(args) {
  return show(['csa', ...args.map(quote)].join(' '), NODE, [CSA, ...args]);
}

/** Print a command, run it, print what it says. */
function show(words, program, args) {
  console.log(`$ ${words}`);
  const options = { cwd: ROOT, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 };
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, options);
  if (error) throw new Unexpected(`${program} could not be run: ${error.message}`);
  process.stdout.write(stderr + stdout);
  console.log(`[exit code ${status ?? signal}]`);
  return { code: status, stdout, stderr };
}

function say(words) {
  console.log(`\n${words}\n`);
}

function expect(holds, what) {
  if (!holds) throw new Unexpected(what);
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** The line of a marker, or '' */
function marker(text, name) {
  return text.split('\n').findLast((line) => line.startsWith(`<!-- CSA:${name} `)) ?? '';
}

function attribute(line, key) {
  const [, quoted, bare] = new RegExp(` ${key}=(?:"([^"]*)"|(\\S+))`).exec(line) ?? [];
  const characters = { '&quot;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&' };
  return quoted?.replace(/&(?:quot|lt|gt|amp);/g, (entity) => characters[entity]) ?? bare;
}

function quote(word) {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
