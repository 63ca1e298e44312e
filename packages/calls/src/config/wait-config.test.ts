import { describe, expect, it } from 'vitest';
import { type Configs, configured } from './configs.test.fixture.ts';
import { waitConfig } from './wait-config.ts';

const CACHE = '[kv_cache]\nlong_poll_seconds = 300\n';
const TTLS = `${CACHE}[kv_cache.provider_ttls]\nanthropic = 200\n"open ai" = 100\n`;

function read(configs: Configs, provider?: string) {
  const { env, project } = configured(configs);
  return waitConfig({ env, project }, provider);
}

it.each<[Configs, string | undefined, object]>([
  [{}, undefined, { capMs: {} }],
  [{ user: '# nothing\n' }, undefined, { capMs: {} }],
  [{ user: CACHE }, undefined, { capMs: { user: 300_000 } }],
  [{ project: CACHE, user: CACHE }, undefined, { capMs: { project: 300_000, user: 300_000 } }],
  [{ user: '[wait]\nalive_exit_code = 75\n' }, undefined, { capMs: {}, aliveExitCode: 75 }],
  [
    { project: '[wait]\nalive_exit_code = 0\n', user: '[wait]\nalive_exit_code = 75\n' },
    undefined,
    { capMs: {}, aliveExitCode: 0 },
  ],
  [{ user: TTLS }, undefined, { capMs: { user: 300_000 } }],
  [{ user: TTLS }, 'anthropic', { capMs: { user: 200_000 } }],
  [{ user: TTLS, project: CACHE }, 'open ai', { capMs: { project: 300_000, user: 100_000 } }],
  [{ user: '[kv_cache.provider_ttls]\nx = 9\n' }, 'x', { capMs: { user: 9_000 } }],
  [{ user: '[kv_cache]\nfrequent_poll_seconds = 7\n[other]\nx = [1, 2]\n' }, undefined, { capMs: {} }],
])('%j, asked for %s', (configs, provider, said) => {
  expect(read(configs, provider)).toEqual({ ...said, warnings: [] });
});

describe('a warning is given of', () => {
  it.each<[string, Configs, readonly string[]]>([
    [
      'a bad value, and the rest counts',
      { user: `${CACHE}[wait]\nalive_exit_code = 124\n` },
      ['but not 124 or 125, got 124'],
    ],
    [
      'both files',
      { project: 'broken', user: '[kv_cache]\nlong_poll_seconds = 0\n' },
      ['going on without it', 'got 0'],
    ],
    ['a slip', { user: '[wait]\nalive_exit_cod = 1\n' }, ['did you mean wait.alive_exit_code?']],
    ['commands in a project', { project: '[hooks]\nsession_finished = "x"\n' }, ['must not run commands']],
  ])('%s', (_, configs, words) => {
    expect(read(configs).warnings).toEqual(words.map((text) => expect.stringContaining(text)));
  });

  it('a provider that no file knows, and the general value stands in', () => {
    for (const provider of ['openai', '__proto__', 'constructor', 'toString', '']) {
      const { capMs, warnings } = read({ user: TTLS }, provider);
      expect(capMs).toEqual({ user: 300_000 });
      expect(warnings).toEqual([expect.stringContaining('[kv_cache.provider_ttls]')]);
    }
    expect(read({ user: TTLS }, 'anthropik').warnings).toEqual([expect.stringContaining('did you mean "anthropic"?')]);
  });

  it('a bad entry of the provider asked for, and of no other', () => {
    const user = `${CACHE}[kv_cache.provider_ttls]\nx = 0\ny = "z"\n`;
    const { capMs, warnings } = read({ user }, 'x');
    expect(capMs).toEqual({ user: 300_000 });
    expect(warnings).toEqual([expect.stringContaining('kv_cache.provider_ttls.x')]);
  });
});

it('a home that is not known is a warning, not a failure', () => {
  const { warnings } = waitConfig({ env: { HOME: 'relative' }, project: '/' }, undefined);
  expect(warnings).toEqual([expect.stringContaining('home directory is not known')]);
});
