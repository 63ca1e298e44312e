import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHookEvent } from './hook-event.ts';

const CONVERSATION = '0c2f6f7e-8d0f-4b66-9f61-3f1a1f6f8f11';

/** What Claude Code 2.1 writes, without what is the event's own. */
const COMMON = {
  session_id: CONVERSATION,
  transcript_path: `/home/u/.claude/projects/-w/${CONVERSATION}.jsonl`,
  cwd: '/w',
  permission_mode: 'default',
};
const OWN: Readonly<Record<string, object>> = {
  Stop: { stop_hook_active: false, last_assistant_message: 'done' },
  StopFailure: { error: 'rate_limit' },
  PreToolUse: { tool_name: 'Bash', tool_input: { command: 'npm test' }, tool_use_id: 'toolu_1' },
  PostToolUse: { tool_name: 'Bash', tool_input: {}, tool_response: { stdout: 'x' }, tool_use_id: 'toolu_1' },
  PostToolUseFailure: { tool_name: 'Bash', tool_input: {}, error: 'exit 1', tool_use_id: 'toolu_1' },
  UserPromptSubmit: { prompt: 'go on' },
  SessionEnd: { reason: 'prompt_input_exit' },
  SubagentStop: { stop_hook_active: false, agent_id: 'a1', agent_type: 'Explore' },
  SubagentStart: { agent_id: 'a1', agent_type: 'Explore' },
  SessionStart: { source: 'startup', model: 'claude-sonnet-4-6' },
  PreCompact: { trigger: 'auto', custom_instructions: '' },
  Notification: { message: 'waits', notification_type: 'idle_prompt' },
};

const event = (name: string, more: object = {}): string =>
  JSON.stringify({ ...COMMON, hook_event_name: name, ...OWN[name], ...more });
const read = (text: string): unknown => readHookEvent({ text, isCut: false });

describe('an event', () => {
  it.each([
    ['Stop', 'arm'],
    ['StopFailure', 'arm'],
    ['PreToolUse', 'arm'],
    ['PostToolUse', 'cancel'],
    ['PostToolUseFailure', 'cancel'],
    ['UserPromptSubmit', 'cancel'],
    ['SessionEnd', 'off'],
    ['SubagentStop', undefined],
    ['SubagentStart', undefined],
    ['SessionStart', undefined],
    ['PreCompact', undefined],
    ['Notification', undefined],
    ['constructor', undefined],
  ])('%s means %s', (name, action) => {
    const wanted = action && { name, action, conversation: CONVERSATION, cwd: '/w' };
    expect(read(event(name))).toEqual(wanted);
  });

  it.each(['PreToolUse', 'PostToolUse', 'Stop'])('%s of a sub-agent is not the conversation’s', (name) => {
    expect(read(event(name, { agent_id: 'a1' }))).toBeUndefined();
  });

  it('of a conversation that was started as an agent is its own', () => {
    expect(read(event('Stop', { agent_type: 'reviewer' }))).toBeDefined();
  });

  it('without a directory that can be used has none', () => {
    expect(read(event('Stop', { cwd: 'w' }))).toEqual({ name: 'Stop', action: 'arm', conversation: CONVERSATION });
  });
});

describe('what is no event', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', 'Stop'],
    ['a list', '[]'],
    ['null', 'null'],
    ['torn', event('Stop').slice(0, -1)],
    ['two documents', `${event('Stop')}${event('Stop')}`],
    ['a name that is none', event('Stop', { hook_event_name: ['Stop'] })],
    ['no conversation', event('Stop', { session_id: undefined })],
    ['a conversation that is a path', event('Stop', { session_id: '../../etc' })],
    ['a conversation that is too long', event('Stop', { session_id: 'a'.repeat(129) })],
    ['a conversation that is a number', event('Stop', { session_id: 1 })],
  ])('%s is ignored', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.boolean(), (text, isCut) => {
        expect(readHookEvent({ text, isCut })).toBeUndefined();
      }),
    );
  });
});

describe('an event that is larger than what is read of it', () => {
  const large = event('PostToolUse', { tool_response: { stdout: '},{"hook_event_name":"Stop",\\"'.repeat(100) } });

  it('is told by the names that stand before the tool’s answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: large.indexOf('"tool_response"'), max: large.length - 1 }), (length) => {
        expect(readHookEvent({ text: large.slice(0, length), isCut: true })).toMatchObject({ action: 'cancel' });
      }),
    );
  });

  it('is ignored where not even those are there', () => {
    for (let length = 0; length < large.indexOf('"hook_event_name"'); length += 1) {
      expect(readHookEvent({ text: large.slice(0, length), isCut: true })).toBeUndefined();
    }
  });
});
