import type { BriefContent } from '@csa/brief';
import { briefDocument } from '@csa/calls/brief';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';

function contentAt(ms: number): BriefContent {
  const command = 'csa session status 01KA0000000000000000000000';
  return {
    project: '/home/me/\u202eproject',
    sessions: [
      {
        id: '01KA0000000000000000000000',
        state: 'alive',
        tool: 'codex',
        description: 'Job',
        startedAt: ms,
        endedAt: ms,
        command,
      },
    ],
    counts: { alive: 1, finished: 0, dead: 0, unknown: 0 },
    warming: [{ session: '01KA0000000000000000000000', caller: 'other:me', state: 'on', until: ms, command }],
    listCommand: 'csa session list',
  };
}

function told(ms: number): string {
  const document = briefDocument([{ origin: { from: 'live' }, text: '# csa\n', content: contentAt(ms) }], null);
  expect(faultsOf('session-brief', document)).toEqual([]);
  return JSON.stringify(document);
}

describe('the document of a brief', () => {
  it('says when', () => {
    expect(told(0).match(/"(?:started_at|ended_at|until)":"1970-01-01T00:00:00.000Z"/g)).toHaveLength(3);
  });

  it.each([Number.NaN, 9e15, -9e15, Number.POSITIVE_INFINITY])('stands where %s is no time that there is', (ms) => {
    expect(told(ms).match(/"(?:started_at|ended_at|until)":null/g)).toHaveLength(3);
  });

  it('shows nothing of a path that would deceive whoever reads it', () => {
    expect(told(0)).toContain('"project":"/home/me/project"');
  });
});
