// Whether node_modules is what the lock file says, and the installation where it is not.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = 'node_modules/.csa-lock';

/**
 * Install with the pinned pnpm unless the last installation was for these very files.
 *
 * @param {string} root the repository
 * @returns {string | undefined} what went wrong and what to do about it
 */
export function installIfNeeded(root) {
  const wanted = digest(root);
  if (isInstalled(root, wanted)) return undefined;
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
  const args = ['-y', pnpm, 'install', '--frozen-lockfile'];
  console.log(`$ npx ${args.join(' ')}`);
  rmSync(join(root, STAMP), { force: true });
  const { status, error } = spawnSync('npx', args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CI: 'true' },
  });
  if (error) return `npx could not be started (${error.message}): npm, which comes with Node, has to be on the PATH`;
  if (status !== 0) return explain(pnpm, status);
  writeFileSync(join(root, STAMP), wanted);
  return undefined;
}

/** @returns {string} a digest of all that decides what is installed */
export function digest(root) {
  const hash = createHash('sha256');
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests(root)]) {
    hash.update(`${name}\0${readFileSync(join(root, name), 'utf8')}\0`);
  }
  return hash.digest('hex');
}

function manifests(root) {
  const packages = readdirSync(join(root, 'packages')).map((folder) => `packages/${folder}/package.json`);
  return ['package.json', ...packages.filter((name) => existsSync(join(root, name))).sort()];
}

function isInstalled(root, wanted) {
  const stamp = join(root, STAMP);
  if (!existsSync(join(root, 'node_modules/.bin/pnpm')) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === wanted;
}

function explain(pnpm, status) {
  return [
    `not good: ${pnpm} install ended with ${status}, its own words are above. What it often is:`,
    '  - no way to the npm registry: look at `npm config get registry` and at the proxy',
    '  - ERR_PNPM_OUTDATED_LOCKFILE: a package.json was changed; run `npx -y ' +
      pnpm +
      ' install` and commit the lock file',
    '  - a half-done node_modules: remove it and try again',
  ].join('\n');
}
