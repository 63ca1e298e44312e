import { resolve } from 'node:path';
import { Hints } from '@csa/calls';
import { Refusal } from '@csa/session';
import { expect, it } from 'vitest';
import { failedCommand } from './failed-command.ts';
import { reportFailure } from './failure.ts';

it.each<[string[], object]>([
  [[], { words: [], session: undefined, json: false }],
  [['session'], { words: ['session'], session: undefined }],
  [['session', '--help'], { words: ['session'] }],
  [['session', 'wait', 'ab', '--json'], { words: ['session', 'wait'], session: 'ab', json: true }],
  [['session', 'wait', '--cap', '3', 'ab'], { session: 'ab' }],
  [['session', 'wait', '--session', 'ab'], { session: 'ab' }],
  [['session', 'wait', '--session=ab'], { session: 'ab' }],
  [['session', 'start', '--tool', 'x', '--', 'wait', '--json'], { session: undefined, json: false }],
  [['session', 'start', '--wait', '--', 'x'], { session: undefined, waits: true }],
  [['session', 'start', '--json', '--wait', 'x'], { json: true, waits: true }],
  [['session', 'start', '--', 'x', '--wait', '--json'], { json: false, waits: false }],
  [['session', 'warm', 'ab', '--cap', '3'], { words: ['session', 'warm'], session: 'ab' }],
  [['session', 'warm', 'on', '1h30m', '01M0'], { words: ['session', 'warm', 'on'], session: '01M0' }],
  [['session', 'warm', 'on', '45'], { words: ['session', 'warm', 'on'], session: undefined }],
  [['session', 'warm', 'on', '1h30m'], { session: undefined }],
  [['session', 'warm', 'on', '30M', '01M0'], { session: '01M0' }],
  [['session', 'warm', 'on', '01M0F77JH0BVPHYFAVF40A3GZ5'], { session: '01M0F77JH0BVPHYFAVF40A3GZ5' }],
  [['session', 'warm', 'on', 'status'], { session: undefined }],
  [['session', 'warm', 'on', '--interval', '5s', '01M0'], { session: '01M0' }],
  [['session', 'warm', 'off', '01'], { session: '01' }],
  [['session', 'warm', 'off', '01m'], { session: undefined }],
  [['session', 'warm', 'off', '30m', '01M0'], { session: '01M0' }],
  [['session', 'warm', 'off', 'everything'], { session: undefined }],
  [['session', 'warm', 'status', 'off'], { session: undefined }],
  [['session', 'warm', 'status', '../x'], { session: undefined }],
  [['session', 'warm', 'status', 'me', '--json'], { session: undefined, json: true }],
  [['session', 'warm', 'hook', 'x'], { words: ['session', 'warm', 'hook'], session: undefined }],
  [['session', 'list', '--wait'], { waits: false }],
  [['session', 'list', 'x'], { session: undefined }],
  [['session', 'list', '--cd', '/x'], { project: '/x' }],
  [['session', 'wait', 'ab', '--cd=sub'], { project: resolve('sub') }],
  [['session', 'wait', 'ab'], { project: process.cwd() }],
])('is read without the parser: %j', (argv, read) => {
  expect(failedCommand(argv)).toMatchObject(read);
});

const NO_SESSION = { reason: 'missing-id', what: 'x', next: 'y', command: ['session', 'list'] };

it('lets the list that it hints at be the one of the same project', () => {
  const failed = { ...failedCommand(['session', 'wait', '--cd', "/a b'c"]), hints: new Hints(['csa']) };
  const { stdout } = reportFailure(new Refusal(NO_SESSION), failed);
  expect(stdout[0]).toContain(`cmd="csa session list --cd '/a b'\\''c'"`);
});

it('leaves out a project whose path a marker cannot carry', () => {
  const failed = { ...failedCommand(['session', 'wait', '--cd', '/a\nb']), hints: new Hints(['csa']) };
  expect(reportFailure(new Refusal(NO_SESSION), failed).stdout[0]).toContain('cmd="csa session list"');
  const named = new Refusal({ ...NO_SESSION, command: ['session', 'list', '--cd', '/a\nb'] });
  expect(reportFailure(named, failed).stdout[0]).toContain('cmd="csa session list"');
});
