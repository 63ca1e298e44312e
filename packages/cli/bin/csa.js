#!/usr/bin/env node
// Checks where it runs before anything is imported; plain enough for every Node that knows modules.

const MINIMUM = [22, 22];

function refuse(reason, message) {
  const separator = process.argv.indexOf('--');
  const words = separator === -1 ? process.argv : process.argv.slice(0, separator);
  const isWait = words[2] === 'session' && words[3] === 'wait';
  process.exitCode = 125;
  if (words.includes('--json')) {
    const schema = isWait ? 'csa.session-wait/1' : 'csa.error/1';
    process.stdout.write(`${JSON.stringify({ schema, wait_result: 'error', exit: 125, reason, message })}\n`);
    return;
  }
  const marker = `<!-- CSA:${isWait ? 'SESSION_WAIT_ERROR' : 'SESSION_ERROR'} reason=${reason} -->\n`;
  process.stderr.write(`csa: ${message}\n`);
  (isWait ? process.stdout : process.stderr).write(marker);
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]);
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
  return import('../dist/main.js').then(
    (program) => program.main(process.argv.slice(2)),
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
