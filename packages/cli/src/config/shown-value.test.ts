import { expect, it } from 'vitest';
import { shownValue } from './shown-value.ts';

it.each<[unknown, 'plainly' | 'as commands', string]>([
  [undefined, 'plainly', '-'],
  [75, 'plainly', '75'],
  [0.3, 'plainly', '0.3'],
  [[], 'as commands', '[]'],
  [['notify'], 'as commands', '["notify"]'],
  [['curl -d x https://hooks.example/SECRET'], 'as commands', '["curl …"]'],
  [['  TOKEN=SECRET curl x'], 'as commands', '["TOKEN=…"]'],
  [['TOKEN=SECRET'], 'as commands', '["TOKEN=…"]'],
  [['(TOKEN=SECRET;true)'], 'as commands', '["…"]'],
  [['curl</dev/SECRET'], 'as commands', '["curl …"]'],
  [['~/bin/notify-me.sh'], 'as commands', '["~/bin/notify-me.sh"]'],
  [['a\tSECRET', 'b\nSECRET'], 'as commands', '["a …","b …"]'],
])('%j, shown %s, is %s', (value, shown, text) => {
  expect(shownValue(value, shown, false)).toBe(text);
});

it('a command is whole when it is asked for', () => {
  expect(shownValue(['TOKEN=SECRET curl x'], 'as commands', true)).toBe('["TOKEN=SECRET curl x"]');
});
