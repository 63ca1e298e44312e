import { Hints } from '@csa/calls';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { Host } from '../host.ts';
import { INSTRUCTIONS } from '../instructions.ts';
import { allTools } from './all-tools.ts';

const TOOLS = allTools(new Host({ env: {}, hints: new Hints(['csa']), supervisorScript: '/nowhere' }));

it('all stand in the order of their use', () => {
  expect(TOOLS.map(({ name }) => name.replace('session_', ''))).toEqual(
    'start wait status result logs stop list brief'.split(' '),
  );
});

it('the instructions are short', () => {
  expect(INSTRUCTIONS.length).toBeLessThan(700);
});

describe.each(TOOLS)('$name', ({ name, description, inputSchema, annotations }) => {
  it('is told in one or two sentences', () => {
    expect(description.length).toBeLessThan(250);
    expect(description).toMatch(/\.$/);
  });

  it('has a schema that compiles, and takes nothing that it does not name', () => {
    new Ajv({ strict: true }).compile(inputSchema);
    expect(inputSchema.additionalProperties).toBe(false);
  });

  it('says whether it changes anything', () => {
    expect(annotations.readOnlyHint).toBe(!['session_start', 'session_stop'].includes(name));
  });
});
