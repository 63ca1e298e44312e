import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { newSessionId } from './session-id.ts';
import { sessionsDirectory } from './state-root.ts';
import { ListingWatch } from './watch-listing.ts';

function watched() {
  const base = temporaryDirectory();
  const roots = { primary: join(base, 'primary'), legacy: join(base, 'legacy'), isDefault: true };
  const scope = { project: '/project', roots };
  let hints = 0;
  const watch = new ListingWatch(scope, () => {
    hints += 1;
  });
  onTestFinished(() => watch.close());
  const sessions = sessionsDirectory(roots.primary, '/project');
  return { watch, sessions, legacy: sessionsDirectory(roots.legacy, '/project'), hints: () => hints };
}

it('hints on sessions of either root, as soon as their directory is there', async () => {
  const { watch, sessions, legacy, hints } = watched();
  expect(watch.works).toBe(false);
  for (const place of [sessions, legacy]) {
    mkdirSync(place, { recursive: true });
    watch.refresh();
    expect(watch.works).toBe(true);
    const before = hints();
    mkdirSync(join(place, newSessionId()));
    await until(() => hints() > before, `a hint on ${place}`);
  }
});

it('goes on in a directory that was made anew', async () => {
  const { watch, sessions, hints } = watched();
  mkdirSync(sessions, { recursive: true });
  watch.refresh();
  rmSync(sessions, { recursive: true });
  watch.refresh();
  expect(watch.works).toBe(false);
  mkdirSync(sessions);
  watch.refresh();
  const before = hints();
  mkdirSync(join(sessions, newSessionId()));
  await until(() => hints() > before, 'a hint');
});

it('hints on sessions alone, not on what is not born yet or stands beside them', async () => {
  const { watch, sessions, hints } = watched();
  mkdirSync(sessions, { recursive: true });
  watch.refresh();
  for (const name of ['.new-abc', '.git', 'cooldown-marker.toml']) mkdirSync(join(sessions, name));
  mkdirSync(join(sessions, newSessionId()));
  await until(() => hints() > 0, 'a hint');
  // Told in their order: those before it would have come before.
  expect(hints()).toBe(1);
});

it('says nothing after it was closed', () => {
  const { watch, sessions } = watched();
  mkdirSync(sessions, { recursive: true });
  watch.refresh();
  watch.close();
  expect(watch.works).toBe(false);
});
