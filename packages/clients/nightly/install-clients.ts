import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { claudeCode, codex, geminiCli, opencode } from '../src/index.ts';

const CLIENTS = [claudeCode, codex, geminiCli, opencode];

/** Where the clients are: `CSA_CLIENTS_DIR`, else a folder of the user's cache. Never in the tree. */
export function clientsFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return process.env['CSA_CLIENTS_DIR'] || join(cache, 'csa-clients');
}

/** Once, before all tests: the pinned clients are fetched unless just these are there. */
export default async function installClients(): Promise<void> {
  const folder = clientsFolder();
  const dependencies = Object.fromEntries(CLIENTS.map((client) => [client.package, client.version]));
  const missing = CLIENTS.filter((client) => installedVersion(folder, client.package) !== client.version);
  if (missing.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder });
}

function installedVersion(folder: string, name: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version : undefined;
}
