#!/usr/bin/env node
// Checks where it runs before anything is imported; plain enough for every Node that knows modules.

const MINIMUM = [22, 22];

/** What stands behind `--` belongs to the command that is to be started. */
function ownWords() {
  const separator = process.argv.indexOf('--');
  return separator === -1 ? process.argv : process.argv.slice(0, separator);
}

const BELOW_WARM = ['on', 'off', 'status', 'hook', 'report'];

function commandOf(words) {
  const [topic, name = '', below] = String(words[2]).includes(':') ? words[2].split(':') : words.slice(2);
  return topic === 'session' && !(name === 'warm' && BELOW_WARM.includes(below)) ? name : '';
}

/** A turn (`session warm ID`) blocks as a wait does, and fails as one. */
function isWaitCommand(words) {
  const name = commandOf(words);
  return name === 'wait' || name === 'warm' || (name === 'start' && words.includes('--wait'));
}

/** Claude Code takes any other exit code of it than 0 for an opinion of the tool that is to run. */
function isHookCommand(words) {
  return words.slice(2, 5).join(' ') === 'session warm hook';
}

/** What begins a conversation, which must not fail because of it. */
function isBriefHook(words) {
  return commandOf(words) === 'brief' && words.includes('--hook');
}

function refuse(reason, message) {
  const words = ownWords();
  const isWait = isWaitCommand(words);
  const isTurn = commandOf(words) === 'warm';
  const isHook = isHookCommand(words) || isBriefHook(words);
  process.exitCode = isHook ? 0 : 125;
  if (words.includes('--json') && !isHook) {
    process.stdout.write(
      `${JSON.stringify(isWait ? waitDocument(reason, message, isTurn) : errorDocument(reason, message))}\n`,
    );
    return;
  }
  const marker = `<!-- CSA:${isWait ? 'SESSION_WAIT_ERROR' : 'SESSION_ERROR'} reason=${reason} -->\n`;
  process.stderr.write(`csa: ${message}\n`);
  (isWait ? process.stdout : process.stderr).write(marker);
}

function errorDocument(reason, message) {
  return { schema: 'csa.error/1', session: null, exit: 125, reason, message, next: null };
}

/** The same fields as every other ending of a wait; nothing can be imported here. */
function waitDocument(reason, message, isTurn) {
  const empty = {};
  for (const field of ['session', 'resolved', 'status', 'session_exit', 'source', 'daemon', 'idle_ms', 'cap_ms']) {
    empty[field] = null;
  }
  const unused = { cap_source: null, summary: null, elapsed_ms: 0 };
  const waited = { schema: 'csa.session-wait/1', wait_result: 'error' };
  return Object.assign(errorDocument(reason, message), empty, unused, waited, isTurn ? TURN_PARTS : {});
}

const TURN_PARTS = {
  schema: 'csa.session-warm/1',
  action: null,
  outcome: null,
  turns: null,
  ttl_ms: null,
  ttl_source: null,
  cache: null,
};

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]);
}

/** A wait answers a signal also when it comes while the rest of the program is still being loaded. */
async function load() {
  if (process.env.FORCE_COLOR !== undefined) (await import('../dist/forced-colour.js')).setForcedColourAside();
  if (isWaitCommand(ownWords())) (await import('../dist/interrupts.js')).listenForInterrupts();
  return import('../dist/main.js');
}

/** A hook runs before and after each tool of a conversation: without flags it loads no parser of any. */
async function prepare() {
  if (isHookCommand(process.argv) && process.argv.length === 5) {
    const { runHook } = await import('../dist/warm/hook/run-hook.js');
    return () => runHook();
  }
  const brief = isBriefHook(ownWords()) ? await prepareBrief() : undefined;
  if (brief !== undefined) return brief;
  const program = await load();
  return () => program.main(process.argv.slice(2));
}

/** A conversation waits for its brief: without other words it loads no parser. */
async function prepareBrief() {
  const { readHookWish } = await import('../dist/brief/hook-wish.js');
  const wish = process.argv[2] === 'session' ? readHookWish(process.argv.slice(4)) : undefined;
  if (wish === undefined) return undefined;
  const { runHook } = await import('../dist/brief/run-hook.js');
  return () => runHook(wish);
}

function start() {
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    const got = `expected Linux or macOS, got ${process.platform}`;
    return refuse('unsupported-platform', `this platform is not supported: ${got}. On Windows, run csa inside WSL.`);
  }
  if (isTooOld(process.versions.node)) {
    const got = `expected ${MINIMUM.join('.')} or newer, got ${process.versions.node} (${process.execPath})`;
    return refuse('node-too-old', `this Node.js is too old: ${got}. Run csa with a newer Node.js.`);
  }
  return prepare().then(
    (go) => go(),
    (error) => {
      const why = String(error).split('\n')[0];
      refuse(
        'internal-error',
        `csa could not load itself: ${why}. Build it with "npm run build", or install it again.`,
      );
    },
  );
}

start();
