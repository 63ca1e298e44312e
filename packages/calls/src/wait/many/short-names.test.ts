import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { listSessions, type SessionId } from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { locatedAt } from '../../list/survey.ts';
import type { Located } from '../../locate.ts';
import { shortNames } from './short-names.ts';

let root: string;
let project: string;
beforeEach(() => {
  root = realpathSync(temporaryDirectory());
  project = join(root, 'project');
  mkdirSync(project);
});

const idAt = (index: number, end = '0'): string => `01M0F7${String(index).padStart(4, '0')}${end.padStart(16, '0')}`;

/** As many sessions as said, each of another time, besides those of these ids. */
function located(count: number, more: readonly string[] = [], isDefault = true): Located[] {
  const scope = { project, roots: { primary: root, legacy: join(root, 'legacy'), isDefault } };
  const ids = [...Array.from({ length: count }, (_, i) => idAt(i)), ...more];
  for (const id of ids) mkdirSync(join(root, project.slice(1), 'sessions', id), { recursive: true });
  const { open } = listSessions(scope);
  return ids.flatMap((id) => open(id as SessionId) ?? []).map((session) => locatedAt(session, scope));
}

describe('the sessions of one project', () => {
  it('are named by no less than the time in their ids, and by more where they share it', () => {
    const [together, ...others] = located(20, [idAt(3, 'A'.repeat(16))]);
    const names = shortNames([...others, together as Located]);
    expect(names?.project).toBe(project);
    expect([names?.nameOf(idAt(5)), names?.nameOf(idAt(3))]).toEqual([idAt(5).slice(0, 10), idAt(3).slice(0, 11)]);
  });

  it('are found by these names again, whatever else stands there', () => {
    const all = located(30, [idAt(3, 'A'.repeat(16)), idAt(4, `${'0'.repeat(15)}1`)]);
    const names = shortNames(all.slice(0, 12));
    for (const { session } of all.slice(0, 12)) {
      const name = names?.nameOf(session.id) ?? '';
      expect(all.filter((one) => one.session.id.startsWith(name)).map((one) => one.session.id)).toEqual([session.id]);
    }
  });
});

describe('whole ids are better', () => {
  it('for few of them', () => {
    expect(shortNames(located(11))).toBeUndefined();
    expect(shortNames([])).toBeUndefined();
  });

  it('where the state root is not the default one: a fresh shell would not find them', () => {
    expect(shortNames(located(20, [], false))).toBeUndefined();
  });

  it('for sessions of several projects', () => {
    const [first, ...others] = located(20);
    expect(shortNames([...others, { ...(first as Located), project: join(root, 'other') }])).toBeUndefined();
  });

  it('where the project is gone, or another stands behind its name', () => {
    const all = located(20);
    rmSync(project, { recursive: true });
    expect(shortNames(all)).toBeUndefined();
    symlinkSync(root, project);
    expect(shortNames(all)).toBeUndefined();
  });

  it('among so many that looking for a beginning takes long', () => {
    expect(shortNames(located(1_001).slice(0, 20))).toBeUndefined();
  });
});
