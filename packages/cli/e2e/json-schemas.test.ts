import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCsa, temporaryWorld } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { waitFor } from './answer.ts';
import { startJob } from './job.ts';

interface Definition {
  readonly id: string;
  readonly flags: Readonly<Record<string, object>>;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { commands } = JSON.parse(readFileSync(file('../oclif.manifest.json'), 'utf8')) as {
  readonly commands: Readonly<Record<string, Definition>>;
};
const WITH_JSON = Object.values(commands).filter(({ flags }) => 'json' in flags);
/** Events are lines, one object each. */
const NAMES: Readonly<Record<string, string>> = { 'session-events': 'session-event' };
/** Those that say with one document how they ended, whatever it was. */
const BLOCKING: Readonly<Record<string, string>> = { 'session:wait': 'session-wait', 'session:warm': 'session-warm' };
const schemaOf = ({ id }: Definition): string => {
  const name = id.replaceAll(':', '-');
  return NAMES[name] ?? name;
};

describe('of every command that prints JSON', () => {
  it.each(WITH_JSON)('the schema is published: $id', (command) => {
    expect(existsSync(file(`../schemas/${schemaOf(command)}.schema.json`))).toBe(true);
  });

  it.each(WITH_JSON)('a refusal is one document by its schema: $id', async ({ id }) => {
    const { code, stdout } = await runCsa([...id.split(':'), '--json', '--no-such-flag'], { world: temporaryWorld() });
    expect([code, stdout.trimEnd().split('\n')]).toEqual([125, [expect.stringMatching(/^\{.*\}$/)]]);
    expect(faultsOf(BLOCKING[id] ?? 'error', JSON.parse(stdout))).toEqual([]);
  });
});

it.each([['true'], ['sh', '-c', 'echo two; echo lines; exit 3'], ['no-such-program'], ['sh', '-c', 'kill -9 $$']])(
  'the result of %j is by its schema',
  async (...command) => {
    const world = temporaryWorld();
    const id = await startJob(command, { world });
    await waitFor([id, '--cap', '30s'], { world });
    const { code, stdout } = await runCsa(['session', 'result', id, '--json'], { world });
    expect([code, faultsOf('session-result', JSON.parse(stdout))]).toEqual([0, []]);
  },
);

it.each(readdirSync(file('../schemas')))('%s names itself and allows nothing that it does not know', (name) => {
  const schema = JSON.parse(readFileSync(file(`../schemas/${name}`), 'utf8')) as Record<string, unknown>;
  expect(schema).toMatchObject({ $id: expect.stringMatching(/^csa\./), title: expect.any(String), type: 'object' });
  // The config is shared with the older program, whose tables are its own.
  if (name !== 'config.schema.json') expect(schema['additionalProperties']).toBe(false);
});
