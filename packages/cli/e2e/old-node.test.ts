import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, temporaryWorld, testNode } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { answerOf, attribute } from './answer.ts';
import { run } from './program.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

describe('a Node that is too old', () => {
  /** A Node below the least version on this machine, else this one under a false name. */
  function oldNode(): string[] {
    const places = (process.env['PATH'] ?? '').split(delimiter).filter((place) => !place.includes('node_modules'));
    const found = places.map((place) => join(place, 'node')).find((path) => existsSync(path) && isOld(path));
    return found === undefined ? [testNode(), '--import', FALSE_VERSION] : [found];
  }

  const FALSE_VERSION = `data:text/javascript,${encodeURIComponent(
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } })",
  )}`;

  function isOld(path: string): boolean {
    return /^v(?:1\d|20|21)\./.test(execFileSync(path, ['--version'], { encoding: 'utf8' }));
  }

  it.each([
    ['the oldest one here', oldNode()],
    ['one by its version alone', [testNode(), '--import', FALSE_VERSION]],
  ])('is told from a session by 125 and the reason: %s', async (_title, node) => {
    const world = temporaryWorld();
    const words = [...node, builtCsa, 'session'] as unknown as [string, ...string[]];
    const answer = answerOf(await run([...words, 'wait', ID], { world }));
    expect([answer.code, attribute(answer.status, 'reason')]).toEqual([125, 'node-too-old']);
    const json = await run([...words, 'wait', ID, '--json'], { world });
    expect(JSON.parse(json.stdout)).toMatchObject({ wait_result: 'error', exit: 125, reason: 'node-too-old' });
    expect(json.code).toBe(125);
    const turn = await run([...words, 'warm', ID, '--json'], { world });
    expect([turn.code, faultsOf('session-warm', JSON.parse(turn.stdout))]).toEqual([125, []]);
    const off = await run([...words, 'warm', 'off', '--json'], { world });
    expect([off.code, faultsOf('error', JSON.parse(off.stdout))]).toEqual([125, []]);
    const { code, stdout, stderr } = await run([...words, 'start', '--', 'true', '--json'], { world });
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe('node-too-old');
    const hook = await run([...words, 'warm', 'hook'], { world });
    expect([hook.code, hook.stdout]).toEqual([0, '']);
    expect(hook.stderr).toContain('too old');
  });
});
