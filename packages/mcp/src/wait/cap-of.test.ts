import { reasonOf, temporaryWorld } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { MAX_CAP_MS, waitLength } from './cap-of.ts';

const CLAUDE = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '60000' };

function capOf(cap: string | undefined, env: NodeJS.ProcessEnv) {
  const world = temporaryWorld();
  return waitLength(cap, { ...world.env, ...env }, world.project).cap;
}

describe('the cap of a tool call', () => {
  it.each<[string, string | undefined, NodeJS.ProcessEnv, number, string]>([
    ['as asked', '30m', {}, 1_800_000, 'flag'],
    ['as asked, in seconds', '6900', {}, MAX_CAP_MS, 'flag'],
    ['as asked, a look', '0', {}, 0, 'flag'],
    ['by default', undefined, {}, 240_000, 'default'],
    ['by the environment', undefined, { CSA_WAIT_CAP: '7m' }, 420_000, 'env'],
    ['at most as long as a call may last', undefined, { CSA_WAIT_CAP: '3h' }, MAX_CAP_MS, 'env'],
    ['not by the shell tool of the caller', undefined, CLAUDE, 240_000, 'default'],
    ['nor by that of another', undefined, { OPENCODE: '1' }, 240_000, 'default'],
    ['nor without an end in CI', undefined, { CI: 'true' }, 240_000, 'default'],
    [
      'within the limit of a client that tells it',
      undefined,
      { ...CLAUDE, MCP_TOOL_TIMEOUT: '60000' },
      50_000,
      'claude-code',
    ],
    ['by default where the limit is longer', undefined, { ...CLAUDE, MCP_TOOL_TIMEOUT: '7200000' }, 240_000, 'default'],
    ['by default where the limit is none', undefined, { ...CLAUDE, MCP_TOOL_TIMEOUT: 'soon' }, 240_000, 'default'],
    ['as asked, whatever the limit', '20m', { ...CLAUDE, MCP_TOOL_TIMEOUT: '60000' }, 1_200_000, 'flag'],
  ])('is %s', (_, cap, env, capMs, source) => {
    expect(capOf(cap, env)).toEqual({ capMs, source });
  });

  it.each([
    ['2h', 'out-of-range'],
    ['6901s', 'out-of-range'],
    ['10000', 'bad-duration'],
    ['', 'bad-duration'],
    ['-1', 'bad-duration'],
  ])('is refused: %j', (cap, reason) => {
    expect(reasonOf(() => capOf(cap, {}))).toBe(reason);
  });
});
