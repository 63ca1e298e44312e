import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { transcriptDirectories, transcriptsBelow } from './transcripts-below.ts';

function tree(...paths: readonly string[]): string {
  const root = temporaryDirectory();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

/** Paths below the root, and whose they are. */
function found(root: string): unknown {
  const search = transcriptsBelow(root);
  if (search.kind !== 'found') return search;
  return search.transcripts.map(({ path, agent }) => [path.slice(root.length + 1), agent]);
}

it('finds the main conversations of both agents, in the order of their names', () => {
  const root = tree(
    'projects/-b/2.jsonl',
    'projects/-a/1.jsonl',
    'projects/-a/notes.txt',
    'projects/-a/agent-12ab.jsonl',
    'projects/-a/1/subagents/agent-7.jsonl',
    'projects/-a/1/subagents/7.jsonl',
    'projects/-a/1/tool-results/7.jsonl',
    'sessions/2026/03/04/rollout-2026-03-04T05-06-07-x.jsonl',
    'a/b/c/d/e/f/too-deep.jsonl',
  );
  expect(found(root)).toEqual([
    ['projects/-a/1.jsonl', 'claude-code'],
    ['projects/-b/2.jsonl', 'claude-code'],
    ['sessions/2026/03/04/rollout-2026-03-04T05-06-07-x.jsonl', 'codex'],
  ]);
});

it('follows links, and counts nothing twice', () => {
  const root = tree('-a/1.jsonl');
  const elsewhere = tree('2.jsonl');
  symlinkSync(elsewhere, join(root, '-b'));
  symlinkSync(elsewhere, join(root, '-c'));
  symlinkSync('1.jsonl', join(root, '-a/3.jsonl'));
  symlinkSync(root, join(root, '-a/loop'));
  symlinkSync('/nowhere', join(root, '-a/gone.jsonl'));
  expect(found(root)).toEqual([
    ['-a/1.jsonl', 'claude-code'],
    ['-b/2.jsonl', 'claude-code'],
  ]);
});

it('says what kept it from looking', () => {
  const root = tree('file');
  expect(found(join(root, 'absent'))).toEqual({ kind: 'absent' });
  expect(found(join(root, 'file'))).toEqual({ kind: 'absent' });
  expect(found(join(root, 'x'.repeat(300)))).toEqual({ kind: 'unreadable', code: 'ENAMETOOLONG' });
  expect(found(root)).toEqual([]);
});

it('knows where agents write', () => {
  expect(transcriptDirectories({ HOME: '/h' })).toEqual([
    '/h/.claude/projects',
    '/h/.codex/sessions',
    '/h/.codex/archived_sessions',
  ]);
  expect(transcriptDirectories({ CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/x' })).toEqual([
    '/c/projects',
    '/x/sessions',
    '/x/archived_sessions',
  ]);
  expect(transcriptDirectories({})).toEqual([]);
});
