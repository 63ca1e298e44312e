import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parseOpenFiles } from './open-files.ts';

it.each([
  ['Max open files            20000                1048576              files     \n', 20_000],
  [
    'Max cpu time  unlimited  unlimited seconds\nMax open files  unlimited  unlimited  files\n',
    Number.POSITIVE_INFINITY,
  ],
  ['', undefined],
])('reads the limit in %j', (text, limit) => {
  expect(parseOpenFiles(text)).toBe(limit);
});

it('the limit of this very process is told where there is /proc', () => {
  const module = `import { openFilesLimit } from '${import.meta.dirname}/open-files.ts'; console.log(openFilesLimit());`;
  const node = [process.execPath, '--conditions=csa-source', '--no-warnings', '--input-type=module', '-e', module];
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node], { encoding: 'utf8' });
  expect(stdout).toBe(process.platform === 'linux' ? '64\n' : 'undefined\n');
});
