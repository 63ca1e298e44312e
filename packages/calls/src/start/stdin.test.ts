import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { refusalOf, temporaryDirectory } from '@csa/testkit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openStdin } from './stdin.ts';

let directory: string;

beforeEach(() => {
  directory = temporaryDirectory();
});

function textOf(fd: number): string {
  const buffer = Buffer.alloc(100);
  return buffer.toString('utf8', 0, readSync(fd, buffer));
}

function file(name: string, text = ''): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe('a file', () => {
  it('is opened for reading from its beginning, and given up with its descriptor', () => {
    const { fd, release } = openStdin(file('input', 'hello'));
    expect(textOf(fd)).toBe('hello');
    release();
    expect(() => fstatSync(fd)).toThrow('EBADF');
  });

  it('may be a symbolic link, empty, or a device', () => {
    symlinkSync(file('input', 'hello'), join(directory, 'link'));
    const words = [join(directory, 'link'), file('empty'), '/dev/null'];
    expect(
      words.map((word) => {
        const { fd, release } = openStdin(word);
        const text = textOf(fd);
        release();
        return text;
      }),
    ).toEqual(['hello', '', '']);
  });

  it.each<[string, (path: string) => void, string]>([
    ['is not there', () => {}, 'no such file'],
    ['is a directory', (path) => mkdirSync(path), 'a directory'],
    ['is a link to nothing', (path) => symlinkSync('nothing', path), 'no such file'],
    ['is a link to itself', (path) => symlinkSync(path, path), 'ELOOP'],
    ['is a FIFO that nobody writes to', (path) => void execFileSync('mkfifo', [path]), 'a FIFO'],
  ])('that %s is refused, at once', (_, make, got) => {
    const path = join(directory, 'input');
    make(path);
    const refusal = refusalOf(() => openStdin(path));
    expect(refusal.reason).toBe('bad-stdin');
    expect(refusal.message).toContain(`got ${got}`);
    expect(refusal.message).toContain(JSON.stringify(path));
  });

  it('that is a socket is refused', async () => {
    const path = join(directory, 'socket');
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    expect(refusalOf(() => openStdin(path)).message).toContain('ENXIO');
  });

  it.each(['', 'a\u001b[31m\n<!-- CSA:X -->', 'x'.repeat(5_000)])(
    'of an odd name is refused in clean words: %j',
    (name) => {
      const { message } = refusalOf(() => openStdin(name));
      expect(message).not.toMatch(/[\u0000-\u001f]|<!-- CSA:/);
      expect(message.length).toBeLessThan(600);
    },
  );

  it('is told from a FIFO by a command that can be typed', () => {
    const path = join(directory, "my pipe's");
    execFileSync('mkfifo', [path]);
    expect(refusalOf(() => openStdin(path)).message).toContain(`--stdin - < '${directory}/my pipe'\\''s'`);
  });
});

describe('a descriptor that is open already', () => {
  it.each(['/dev/fd', '/proc/self/fd'])('of %s is taken as it is, with its place in the file', (place) => {
    const fd = openSync(file('input', 'hello'), 'r');
    readSync(fd, Buffer.alloc(2), 0, 2, null);
    expect(openStdin(`${place}/${fd}`).fd).toBe(fd);
    expect(textOf(fd)).toBe('llo');
    closeSync(fd);
  });

  it.each<[string, () => number, string]>([
    ['closed', () => 987, 'closed'],
    ['open for writing only', () => openSync(file('output'), 'w'), 'writing only'],
    ['that of a directory', () => openSync(directory, 'r'), 'a directory'],
  ])('and %s is refused, and stays as it was', (_, open, got) => {
    const fd = open();
    const refusal = refusalOf(() => openStdin(`/dev/fd/${fd}`));
    expect([refusal.reason, refusal.message.includes(got)]).toEqual(['bad-stdin', true]);
    if (fd !== 987) closeSync(fd);
  });

  it('is closed when somebody is at its other end, and else left alone: it may be needed by others', () => {
    const path = join(directory, 'fifo');
    execFileSync('mkfifo', [path]);
    const [reader, regular] = [openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), openSync(file('input'), 'r')];
    for (const fd of [reader, regular]) openStdin(`/dev/fd/${fd}`).release();
    expect(() => fstatSync(reader)).toThrow('EBADF');
    expect(fstatSync(regular).isFile()).toBe(true);
    closeSync(regular);
  });

  it('and belongs to Node is refused: events, and pipes of which it holds both ends', () => {
    const own = readdirSync('/proc/self/fd').flatMap((name) => {
      const link = linkOf(Number(name));
      return /^(?:anon_inode|pipe):/.test(link) ? [{ fd: Number(name), link }] : [];
    });
    const isOfNode = ({ fd, link }: { fd: number; link: string }): boolean =>
      fd > 2 && (!link.startsWith('pipe:') || own.filter((other) => other.link === link).length > 1);
    expect(own.filter(isOfNode).length).toBeGreaterThan(3);
    for (const { fd } of own.filter(isOfNode)) {
      const { reason, message } = refusalOf(() => openStdin(`/proc/self/fd/${fd}`));
      expect([reason, message]).toEqual(['bad-stdin', expect.stringContaining('of this program itself')]);
    }
  });
});

function linkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
