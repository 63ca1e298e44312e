// A package registry on this machine that knows our tarballs and what they need, and nothing else.
import { cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { Installed } from './installed-packages.ts';
import { type Packed, type PublishedManifest, succeed } from './published-packages.ts';

/** One version of one package, with the way to its tarball. */
interface Offer {
  readonly manifest: PublishedManifest;
  readonly tarball: () => string;
}

/** A running registry. */
export interface FixtureRegistry {
  readonly url: string;
  /** paths that it was asked for and did not know */
  readonly missed: readonly string[];
  close(): void;
}

/** `workshop`: an empty directory for the tarballs of what is installed here; each is made when it is asked for. */
export async function startRegistry(
  packed: readonly Packed[],
  installed: readonly Installed[],
  workshop: string,
): Promise<FixtureRegistry> {
  const offers: Offer[] = [
    ...packed.map(({ manifest, tarball }) => ({ manifest, tarball: () => tarball })),
    ...installed.map((one) => ({ manifest: one.manifest, tarball: () => packInstalled(one, workshop) })),
  ];
  const missed: string[] = [];
  const server = createServer(({ url = '/' }, response) => {
    if (!answer(decodeURIComponent(url).slice(1), offers, response)) {
      missed.push(url);
      response.writeHead(404).end('{}');
    }
  });
  return { url: await listen(server), missed, close: () => void server.close() };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A package's document is asked for by its name, a tarball by `-/NAME/VERSION`. */
function answer(path: string, offers: readonly Offer[], response: ServerResponse): boolean {
  const wanted = offers.find(({ manifest }) => path === tarballPath(manifest));
  if (wanted !== undefined) {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(wanted.tarball()));
    return true;
  }
  const versions = offers.filter(({ manifest }) => manifest.name === path);
  if (versions.length === 0) return false;
  const host = `http://${response.req.headers.host}`;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(documentOf(path, versions, host)));
  return true;
}

function documentOf(name: string, versions: readonly Offer[], host: string): object {
  const entries = versions.map(({ manifest }) => [
    manifest.version,
    { ...manifest, dist: { tarball: `${host}/${tarballPath(manifest)}` } },
  ]);
  return { name, 'dist-tags': { latest: versions.at(-1)?.manifest.version }, versions: Object.fromEntries(entries) };
}

function tarballPath({ name, version }: PublishedManifest): string {
  return `-/${name}/${version}`;
}

/** As its own tarball had it, without what was installed inside of it. */
function packInstalled({ directory }: Installed, workshop: string): string {
  const place = mkdtempSync(join(workshop, 'package-'));
  const copy = join(place, 'package');
  mkdirSync(copy);
  cpSync(directory, copy, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  const tarball = join(place, 'package.tgz');
  succeed('tar', ['-czf', tarball, '-C', place, 'package']);
  return tarball;
}
