// The step that finds csa, or installs the one that is asked for, once for all jobs of a runner.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Trouble } from './trouble.mjs';
import { annotate, setOutputs } from './workflow-commands.mjs';

const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
const MINIMUM = [22, 22];

try {
  refuseOldNode(process.versions.node);
  const version = (process.env.CSA_VERSION ?? '').trim();
  setOutputs({ csa: version === 'installed' ? findInstalled() : installed(version) });
} catch (error) {
  annotate('error', error.message);
  process.exitCode = 125;
}

function refuseOldNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  const got = `expected ${MINIMUM.join('.')} or newer, got ${version}`;
  throw new Trouble(`this Node.js is too old: ${got}. Use actions/setup-node with node-version 24 first`);
}

function findInstalled() {
  const paths = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'csa'));
  const found = paths.find(isExecutable);
  if (found === undefined)
    throw new Trouble('there is no csa: expected one on the PATH (version is "installed"), got none');
  return found;
}

/** The tool cache outlives the job, as sessions may. */
function installed(version) {
  if (!VERSION.test(version)) {
    const got = JSON.stringify(version);
    throw new Trouble(`the input version is none: expected an exact version such as 1.2.3, or installed; got ${got}`);
  }
  const cache = process.env.RUNNER_TOOL_CACHE || process.env.RUNNER_TEMP || tmpdir();
  const folder = join(cache, 'csa', version);
  if (!isExecutable(programIn(folder))) install(version, join(cache, 'csa'), folder);
  return programIn(folder);
}

/** Put in place whole: another runner of this machine may do the same at the same time. */
function install(version, parent, folder) {
  mkdirSync(parent, { recursive: true });
  const fresh = mkdtempSync(join(parent, `.${version}-`));
  try {
    runNpm(version, fresh);
    putInPlace(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What another runner has put there in the meantime stays: its sessions may use it already. */
function putInPlace(fresh, folder) {
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    if (isExecutable(programIn(folder))) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  }
}

function programIn(folder) {
  return join(folder, 'node_modules/.bin/csa');
}

function runNpm(version, folder) {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  const args = ['install', ...flags, `@csa/cli@${version}`];
  const { status, error } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 1, 1] });
  if (error !== undefined) throw new Trouble(`npm could not be run: ${error.message}`);
  if (status !== 0) throw new Trouble(`npm could not install @csa/cli@${version}: exit ${status}, see above`);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
