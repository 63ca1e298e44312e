import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../display-width.ts';
import { listTable } from './list-table.ts';
import { listedSession } from './listed.test.fixture.ts';

const PLAIN = { isLive: false, hasColour: false, columns: 80 };
const COLOUR = { isLive: false, hasColour: true, columns: 80 };
const LONG = 'a description that goes on and on '.repeat(5).trim();

const SESSIONS = [
  listedSession({ state: 'alive', exit: null, session_exit: null, idle_ms: 4_000, description: LONG }),
  listedSession({ exit: 1, session_exit: 300, tool: '測試' }),
  listedSession({ state: 'dead', exit: null, session_exit: null, tool: '' }),
];

describe('a table', () => {
  it('is aligned, with dashes where there is nothing', () => {
    expect(listTable(SESSIONS, false, PLAIN)).toEqual([
      'ID          STATE     EXIT  ELAPSED  IDLE  TOOL  DESCRIPTION',
      `01M0F77JH0  alive     -     1m 1s    4s    npm   ${LONG}`,
      '01M0F77JH0  finished  300   1m 1s    -     測試',
      '01M0F77JH0  dead      -     1m 1s    -     -',
    ]);
  });

  it('says what is kept warm where one of them ever was, and else has no such column', () => {
    const warmed = SESSIONS.map((session, i) =>
      i === 0 ? { ...session, warm: { state: 'on', left_ms: 125_000 } as const, description: '' } : session,
    );
    expect(listTable(warmed, false, PLAIN)).toEqual([
      'ID          STATE     EXIT  ELAPSED  IDLE  WARM      TOOL  DESCRIPTION',
      '01M0F77JH0  alive     -     1m 1s    4s    on 2m 5s  npm',
      '01M0F77JH0  finished  300   1m 1s    -     -         測試',
      '01M0F77JH0  dead      -     1m 1s    -     -         -',
    ]);
    const off = [listedSession({ warm: { state: 'off', left_ms: null } })];
    expect(listTable(off, true, PLAIN)[0]).toMatch(/IDLE +WARM +TOOL +PROJECT +DESCRIPTION$/);
    expect(listTable(SESSIONS, true, PLAIN)[0]).not.toContain('WARM');
  });

  it('of every project says which', () => {
    const [header, row] = listTable([listedSession({ project: '/home/d\u001b[31mev', description: 'x' })], true, PLAIN);
    expect(header).toMatch(/TOOL +PROJECT +DESCRIPTION$/);
    expect(row).toMatch(/npm +\/home\/dev +x$/);
  });

  it.each([200, 100, 80, 40, 12, 3])('is cut to the width of a terminal of %i columns', (columns) => {
    const lines = listTable(SESSIONS, false, { isLive: true, hasColour: true, columns });
    for (const line of lines) expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
  });

  it('cuts a long tool on a terminal alone', () => {
    const session = listedSession({ tool: 'x'.repeat(60), description: 'here' });
    expect(listTable([session], false, { isLive: true, hasColour: false, columns: 100 })[1]).toMatch(/xxx… {2}here$/);
    expect(listTable([session], false, PLAIN)[1]).toMatch(/x{60} {2}here$/);
  });
});

describe('colours', () => {
  it.each([
    [listedSession({ state: 'alive', exit: null, session_exit: null }), '\u001b[32malive\u001b[39m'],
    [listedSession({ exit: 3, session_exit: 3 }), '\u001b[31mfinished\u001b[39m  \u001b[31m3\u001b[39m'],
    [listedSession({ state: 'unknown', exit: null }), '\u001b[33munknown\u001b[39m'],
    [listedSession({ state: 'dead', exit: null }), '\u001b[1m\u001b[31mdead\u001b[39m\u001b[22m'],
  ])('of %o', (session, words) => {
    expect(listTable([session], false, COLOUR)[1]).toContain(words);
  });

  it('are none for a good end, and none for the header', () => {
    expect(listTable([listedSession()], false, COLOUR)).toEqual(listTable([listedSession()], false, PLAIN));
  });

  it('change no width', () => {
    const plain = listTable(SESSIONS, false, PLAIN);
    expect(listTable(SESSIONS, false, COLOUR).map((line) => stripVTControlCharacters(line))).toEqual(plain);
  });
});
