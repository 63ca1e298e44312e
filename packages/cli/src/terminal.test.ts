import { describe, expect, it } from 'vitest';
import { terminalOf } from './terminal.ts';

const TTY = { isTTY: true, columns: 120 };

it.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean, boolean]>([
  ['a terminal', TTY, {}, true, true],
  ['a pipe', {}, {}, false, false],
  ['a dumb terminal', TTY, { TERM: 'dumb' }, false, false],
  ['CI', TTY, { CI: 'true' }, false, false],
  ['CI switched off', TTY, { CI: 'false' }, true, true],
  ['an agent, even with a terminal', TTY, { CLAUDECODE: '1' }, false, false],
  ['NO_COLOR', TTY, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', TTY, { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR on a pipe', {}, { FORCE_COLOR: '1' }, false, true],
  ['an empty FORCE_COLOR', {}, { FORCE_COLOR: '' }, false, true],
  ['FORCE_COLOR=0 on a terminal', TTY, { FORCE_COLOR: '0' }, true, false],
  ['FORCE_COLOR in CI', {}, { FORCE_COLOR: '3', CI: '1' }, false, true],
  ['FORCE_COLOR against NO_COLOR', TTY, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ["FORCE_COLOR in an agent's shell", {}, { FORCE_COLOR: '1', GEMINI_CLI: '1' }, false, false],
])('%s', (_, stream, env, isLive, hasColour) => {
  expect(terminalOf(stream, env)).toMatchObject({ isLive, hasColour });
});

describe('the width', () => {
  it('is the stream’s', () => expect(terminalOf(TTY, {}).columns).toBe(120));
  it('is 80 where it is not known', () => expect(terminalOf({ isTTY: true, columns: 0 }, {}).columns).toBe(80));
});
