import { lutimesSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { leftoversBelow } from './leftovers.ts';

const HOUR_MS = 3_600_000;
const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

/** A directory that was last touched so long ago. */
function aged(path: string, hours: number): string {
  mkdirSync(path, { recursive: true });
  const at = Date.now() / 1_000 - hours * 3_600;
  utimesSync(path, at, at);
  return path;
}

it('names what starts and removals have left, and nothing else', () => {
  const root = temporaryDirectory();
  const sessions = join(root, 'home/me/sessions');
  const other = join(root, 'srv/sessions');
  const left = [aged(join(sessions, '.gone-1'), 2), aged(join(sessions, '.new-2'), 2), aged(join(other, '.new-3'), 2)];
  for (const name of [ID, '.git', '.newer', 'cooldown-marker.toml']) aged(join(sessions, name), 2);
  aged(join(sessions, '.new-young'), 0);
  aged(join(sessions, ID, '.new-inside'), 2);
  aged(join(root, '.new-elsewhere'), 2);
  expect(leftoversBelow(root, HOUR_MS)).toEqual(left.sort());
});

it('does not follow links, and is not disturbed by files', () => {
  const root = temporaryDirectory();
  const sessions = join(root, 'p/sessions');
  mkdirSync(sessions, { recursive: true });
  symlinkSync(aged(join(root, 'elsewhere'), 2), join(sessions, '.new-link'));
  lutimesSync(join(sessions, '.new-link'), 1, 1);
  writeFileSync(join(sessions, '.new-file'), '');
  utimesSync(join(sessions, '.new-file'), 1, 1);
  expect(leftoversBelow(root, HOUR_MS)).toEqual([]);
});

it('a state root that is not there holds nothing', () => {
  expect(leftoversBelow(join(temporaryDirectory(), 'none'), 0)).toEqual([]);
});
