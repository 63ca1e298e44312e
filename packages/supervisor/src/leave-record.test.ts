import { spawn } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { bear, createUnborn, readCompletion, readResult, reserveResult, type Session } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { leaveRecord } from './leave-record.ts';
import type { Life } from './supervise.ts';

const LIFE: Life = {
  end: { kind: 'exited', exit: { kind: 'code', code: 0 } },
  startedAt: '2026-01-02T03:04:05.678Z',
  warnings: [],
};

function session(): Session {
  const sessions = join(temporaryDirectory(), 'sessions');
  const unborn = createUnborn(sessions, { project: '/p', description: '', tool: 'x' });
  reserveResult(unborn.directory);
  return bear(unborn);
}

test('a fault that passes does not cost the result', () => {
  const it = session();
  const away = `${it.directory}.away`;
  renameSync(it.directory, away);
  // The record is written synchronously, so that only another process can end the fault.
  spawn('sh', ['-c', 'sleep 0.4; mv "$1" "$2"', 'sh', away, it.directory], { stdio: 'ignore' });
  leaveRecord(it, 'x', LIFE);
  expect(readResult(it)).toMatchObject({ kind: 'present', value: { status: 'success', exitCode: 0 } });
  expect(readCompletion(it)).toMatchObject({ kind: 'present', value: { exitCode: 0 } });
});

test('a log that cannot be read costs the summary, not the result', () => {
  const it = session();
  mkdirSync(join(it.directory, 'stdout.log'));
  leaveRecord(it, 'x', LIFE);
  expect(readResult(it)).toMatchObject({ kind: 'present', value: { status: 'success', summary: '' } });
});
