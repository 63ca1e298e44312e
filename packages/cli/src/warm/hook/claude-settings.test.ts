import { Hints } from '@csa/calls';
import { expect, it } from 'vitest';
import { claudeSettings } from './claude-settings.ts';
import { readHookEvent } from './hook-event.ts';

interface Settings {
  readonly hooks: Readonly<
    Record<string, ReadonlyArray<{ matcher?: string; hooks: ReadonlyArray<{ command: string }> }>>
  >;
}

const HINTS = new Hints(['/opt/my node', '/opt/csa.js']);
const settings = (onMs?: number): Settings => claudeSettings(HINTS, onMs) as Settings;
const commandsOf = (event: string, onMs?: number): string[] =>
  (settings(onMs).hooks[event] ?? []).flatMap(({ hooks }) => hooks.map(({ command }) => command));

it('names events that the hook understands, and only those that every Claude Code knows', () => {
  const events = Object.keys(settings().hooks);
  expect(events).toEqual(['Stop', 'PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'SessionEnd']);
  for (const name of events) {
    const text = JSON.stringify({ hook_event_name: name, session_id: 'x' });
    expect(readHookEvent({ text, isCut: false })).toMatchObject({ name });
  }
});

it('words its command for a fresh shell', () => {
  expect(commandsOf('PreToolUse')).toEqual(["'/opt/my node' /opt/csa.js session warm hook"]);
});

it('switches on at the end of a turn alone', () => {
  expect(commandsOf('Stop', 2_700_000)).toEqual(["'/opt/my node' /opt/csa.js session warm hook --on 2700s"]);
  expect(commandsOf('PreToolUse', 2_700_000)).toEqual(commandsOf('PreToolUse'));
});

it('is about every tool, and about no tool where there is none', () => {
  const { hooks } = settings();
  expect(Object.entries(hooks).map(([event, [first]]) => [event, first?.matcher])).toEqual([
    ['Stop', undefined],
    ['PreToolUse', '*'],
    ['PostToolUse', '*'],
    ['UserPromptSubmit', undefined],
    ['SessionEnd', undefined],
  ]);
});
