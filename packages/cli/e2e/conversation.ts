import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { World } from '@csa/testkit';

/** A conversation of Claude Code's with one answered request. */
export interface Conversation {
  readonly id: string;
  readonly tier: '5m' | '1h';
  /** Seconds since its request began. */
  readonly age: number;
  readonly model?: string;
  /** Tokens of the prefix. */
  readonly tokens?: number;
}

/** Writes its transcript where Claude Code would; gives the environment of its shell. */
export function converse(world: World, conversation: Conversation): NodeJS.ProcessEnv {
  const path = transcriptOf(world, conversation);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, turnLines(conversation, 1));
  return { CLAUDE_CODE_SESSION_ID: conversation.id };
}

/** The conversation's second request. */
export function comeBack(world: World, conversation: Conversation): void {
  appendFileSync(transcriptOf(world, conversation), turnLines(conversation, 2));
}

function transcriptOf(world: World, { id }: Conversation): string {
  return join(world.home, '.claude/projects', world.project.replace(/[^A-Za-z0-9]/g, '-'), `${id}.jsonl`);
}

function turnLines({ tier, age, model, tokens = 100_000 }: Conversation, number: number): string {
  const timestamp = new Date(Date.now() - age * 1_000).toISOString();
  const usage = {
    input_tokens: 3,
    cache_read_input_tokens: tokens - 1_003,
    cache_creation_input_tokens: 1_000,
    cache_creation: {
      ephemeral_5m_input_tokens: tier === '5m' ? 1_000 : 0,
      ephemeral_1h_input_tokens: tier === '1h' ? 1_000 : 0,
    },
    output_tokens: 50,
  };
  const lines = [
    {
      type: 'user',
      uuid: `u${number}`,
      isSidechain: false,
      timestamp,
      message: { role: 'user', content: 'SECRET-PROMPT' },
    },
    {
      type: 'assistant',
      uuid: `a${number}`,
      parentUuid: `u${number}`,
      isSidechain: false,
      timestamp,
      message: { id: `msg_${number}`, model: model ?? 'claude-test-1', role: 'assistant', content: [], usage },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
