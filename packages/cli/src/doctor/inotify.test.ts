import { watch } from 'node:fs';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inotifyFacts, judgeInotify } from './inotify.ts';

const setting = 'user.max_inotify_instances';
const WATCHES = { used: 0, limit: { most: 8_192, setting: 'fs.inotify.max_user_watches' } };

describe('instances', () => {
  it.each([
    [0, 128, 'ok'],
    [120, 128, 'ok'],
    [121, 128, 'warning'],
    [128, 128, 'warning'],
    [300, 128, 'warning'],
    [0, 0, 'warning'],
  ])('%i used of %i: %s', (used, most, level) => {
    const [finding] = judgeInotify({
      instances: { used, limit: { most, setting } },
      watches: WATCHES,
      isPartial: false,
    });
    expect(finding?.level).toBe(level);
    if (level === 'warning') expect(finding?.command).toBe(`sudo sysctl ${setting}=1024`);
  });

  it('without a known limit are only counted', () => {
    const [finding] = judgeInotify({ instances: { used: 3 }, watches: WATCHES, isPartial: true });
    expect(finding).toMatchObject({
      level: 'ok',
      finding: expect.stringContaining('3 inotify instances are used at least'),
    });
  });
});

it.runIf(process.platform === 'linux')('counts what this process holds', () => {
  const watcher = watch(temporaryDirectory());
  onTestFinished(() => watcher.close());
  const after = inotifyFacts();
  expect(after?.isPartial).toBe(false);
  expect(after?.watches.used).toBeGreaterThan(0);
  expect(after?.instances.limit?.most).toBeGreaterThan(0);
  expect(after?.instances.used).toBeGreaterThan(0);
});
