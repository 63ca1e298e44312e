import { describe, expect, it } from 'vitest';
import { judgeFileSystem } from './file-system.ts';
import { type FileSystemKind, fileSystemOf } from './file-systems.ts';
import { TRIAL_STEPS, type TrialFaults } from './trial.ts';

describe('the number of statfs(2)', () => {
  it.each<[number, string, FileSystemKind]>([
    [0xef53, 'ext4', 'local'],
    [0x6969, 'nfs', 'remote'],
    [0xff534d42, 'cifs', 'remote'],
    [-11317950, 'cifs', 'remote'],
    [0x65735546, 'fuse', 'remote'],
    [0x01021997, '9p', 'remote'],
    [0x794c7630, 'overlay', 'layered'],
    [0x01021994, 'tmpfs', 'memory'],
    [0x12345, 'type 0x12345', 'unknown'],
  ])('%i is %s: %s', (type, name, kind) => {
    expect(fileSystemOf(type, 'linux')).toEqual({ name, kind });
  });

  it('of another system means something else', () => {
    expect(fileSystemOf(0xef53, 'darwin').kind).toBe('unknown');
  });
});

it.each<[FileSystemKind, string]>([
  ['local', 'ok'],
  ['memory', 'note'],
  ['layered', 'note'],
  ['remote', 'warning'],
  ['unknown', 'note'],
])('a %s file system: %s', (kind, level) => {
  const [finding] = judgeFileSystem({ fileSystem: { name: 'some', kind }, faults: {} });
  expect(finding).toMatchObject({ level, finding: expect.stringContaining('some') });
});

describe('what was tried out', () => {
  const judge = (faults: TrialFaults | undefined) => judgeFileSystem({ fileSystem: undefined, faults });

  it.each<[string, TrialFaults | undefined, readonly string[]]>([
    ['all works', {}, ['ok']],
    ['nothing could be tried', undefined, ['note']],
    ['no directory', { directory: 'ENOSPC' }, ['problem']],
    ['no fsync', { fsync: 'EIO' }, ['ok', 'problem']],
    ['no rename', { rename: 'EXDEV' }, ['ok', 'problem']],
    ['no link', { link: 'EPERM' }, ['ok', 'warning']],
    ['no lifeline', { lifeline: 'it reads as dead while it is held' }, ['ok', 'warning']],
    ['no events', { events: 'EMFILE' }, ['ok', 'warning']],
    ['several', { link: 'EPERM', lifeline: 'x', events: 'y' }, ['ok', 'warning', 'warning', 'warning']],
  ])('%s', (_, faults, levels) => {
    expect(judge(faults).map(({ level }) => level)).toEqual(levels);
  });

  it('nothing works: nothing is called well, and each fault names its cause', () => {
    const faults = Object.fromEntries(TRIAL_STEPS.slice(1).map((step) => [step, `cause of ${step}`]));
    const findings = judge(faults);
    expect(findings.filter(({ level }) => level === 'ok')).toEqual([]);
    expect(findings.map(({ finding }) => /cause of (\w+)/.exec(finding)?.[1]).sort()).toEqual(
      TRIAL_STEPS.slice(1).toSorted(),
    );
    for (const { remedy } of findings) expect(remedy).toMatch(/./);
  });

  it('a missing mkfifo is told apart', () => {
    expect(judge({ lifeline: 'cannot make the lifeline /x: spawnSync mkfifo ENOENT' }).at(1)?.remedy).toContain(
      'mkfifo',
    );
    expect(judge({ lifeline: 'cannot make the lifeline /x: not supported' }).at(1)?.remedy).toContain('local disk');
  });
});
