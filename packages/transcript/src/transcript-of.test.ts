import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { transcriptOf } from './transcript-of.ts';

function touch(...words: readonly string[]): string {
  const path = join(...words);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  return path;
}

describe('the transcript of a Claude Code conversation', () => {
  const conversation = { agent: 'claude-code', id: 'abc-1' } as const;

  it("is that in its own directory's folder, before those in others", () => {
    const home = temporaryDirectory();
    touch(home, '.claude/projects/-a-first/abc-1.jsonl');
    const path = touch(home, '.claude/projects/-w-x-y/abc-1.jsonl');
    expect(transcriptOf(conversation, { HOME: home }, '/w/x.y')).toBe(path);
    expect(transcriptOf(conversation, { HOME: home, PWD: '/w/x.y' }, '/elsewhere')).toBe(path);
    expect(transcriptOf(conversation, { CLAUDE_CONFIG_DIR: join(home, '.claude') }, '/w/x.y')).toBe(path);
  });

  it('is any other with its name, where that folder has none', () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, '.claude/projects/-w/abc-1.jsonl'), { recursive: true });
    touch(home, '.claude/projects/stray');
    const path = touch(home, '.claude/projects/-w-x/abc-1.jsonl');
    expect(transcriptOf(conversation, { HOME: home }, '/w')).toBe(path);
    expect(transcriptOf(conversation, { HOME: home })).toBe(path);
  });

  it('is none without a home, without a folder, and under an id that is none', () => {
    const home = temporaryDirectory();
    touch(home, '.claude/projects/-w/abc-1.jsonl');
    touch(home, '.claude/abc-1.jsonl');
    expect(transcriptOf(conversation, {}, '/w')).toBeUndefined();
    expect(transcriptOf(conversation, { HOME: join(home, 'x') }, '/w')).toBeUndefined();
    for (const id of ['', '../abc-1', '-w/abc-1', 'a'.repeat(65), 'abc-1\0']) {
      expect(transcriptOf({ agent: 'claude-code', id }, { HOME: home }, '/w')).toBeUndefined();
    }
  });
});

describe('the transcript of a Codex thread', () => {
  // Of 2025-11-18, 21:54 UTC.
  const id = '019a9775-ef93-7c41-ae1f-a37beed9aaf2';
  const rollout = (day: string) => `sessions/${day}/rollout-2025-11-18T23-54-00-${id}.jsonl`;

  it.each(['2025/11/18', '2025/11/19', '2025/11/17', '2026/05/01'])('is found in the folder of %s', (day) => {
    const home = temporaryDirectory();
    const path = touch(home, '.codex', rollout(day));
    touch(home, '.codex/sessions/2025/11/18', 'rollout-2025-11-18T23-54-00-another.jsonl');
    touch(home, '.codex/sessions/stray/x');
    expect(transcriptOf({ agent: 'codex', id }, { HOME: home })).toBe(path);
    expect(transcriptOf({ agent: 'codex', id }, { CODEX_HOME: join(home, '.codex') }, '/w')).toBe(path);
  });

  it('is found among those put away, and under an id that tells no day', () => {
    const home = temporaryDirectory();
    const away = touch(home, `.codex/archived_sessions/rollout-2025-11-18T23-54-00-${id}.jsonl`);
    expect(transcriptOf({ agent: 'codex', id }, { HOME: home })).toBe(away);
    const old = touch(home, '.codex/sessions/2025/02/03/rollout-2025-02-03T10-00-00-x1.jsonl');
    expect(transcriptOf({ agent: 'codex', id: 'x1' }, { HOME: home })).toBe(old);
  });

  it('is none where there is none', () => {
    expect(transcriptOf({ agent: 'codex', id }, { HOME: temporaryDirectory() })).toBeUndefined();
    expect(transcriptOf({ agent: 'codex', id }, {})).toBeUndefined();
  });
});

it('is none of an agent that nobody knows', () => {
  expect(transcriptOf({ agent: 'other', id: 'abc' }, { HOME: temporaryDirectory() }, '/w')).toBeUndefined();
});
