import { expect, it } from 'vitest';
import { judgeSystem, type SystemFacts, systemFacts } from './system.ts';

const WELL: SystemFacts = {
  proc: 'ours',
  hidesOthers: false,
  host: { bootId: 'b', machineId: 'm', pidNamespace: '4026531836' },
  openFiles: 1_024,
};

function found(facts: Partial<SystemFacts>): string[] {
  return judgeSystem({ ...WELL, ...facts })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, finding }) => `${level}: ${finding}`);
}

it.each<[Partial<SystemFacts>, readonly string[]]>([
  [{}, []],
  [{ proc: 'missing', host: { bootId: 'b', machineId: 'm' }, openFiles: undefined }, []],
  [{ proc: 'foreign' }, ['warning: /proc is not mounted for this pid namespace']],
  [{ hidesOthers: true }, ['note: /proc hides processes']],
  [{ host: { ...WELL.host, machineId: '-' } }, ['note: there is no machine id']],
  [{ host: { ...WELL.host, machineId: '' } }, ['note: there is no machine id']],
  [{ host: { machineId: 'm' } }, ['warning: the boot id cannot be read']],
  [{ host: { ...WELL.host, pidNamespace: '4026532000' } }, ['note: this is a container']],
  [{ openFiles: 255 }, ['warning: only 255 open files']],
  [{ openFiles: 256 }, []],
  [{ openFiles: Number.POSITIVE_INFINITY }, []],
])('%o: %j', (facts, expected) => {
  expect(found(facts)).toEqual(expected.map((text) => expect.stringContaining(text)));
});

it('every warning says what to do', () => {
  const bad = judgeSystem({ proc: 'foreign', hidesOthers: true, host: {}, openFiles: 1 });
  for (const { level, remedy } of bad) if (level === 'warning') expect(remedy).toMatch(/./);
});

it('looks at this very system', () => {
  const { proc, openFiles } = systemFacts();
  expect(['ours', 'foreign', 'missing']).toContain(proc);
  expect(openFiles === undefined || openFiles > 0).toBe(true);
});
