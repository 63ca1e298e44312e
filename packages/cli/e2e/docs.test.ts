import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testNode } from '@csa/testkit';
import { describe, expect, it } from 'vitest';

interface Definition {
  readonly id: string;
  readonly hidden?: boolean;
  readonly summary: string;
  readonly flags: Readonly<Record<string, { readonly name: string; readonly hidden?: boolean }>>;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const MANIFEST = JSON.parse(readFileSync(file('../oclif.manifest.json'), 'utf8')) as {
  readonly commands: Readonly<Record<string, Definition>>;
};
const COMMANDS = Object.values(MANIFEST.commands).filter(({ hidden }) => hidden !== true);
const pageOf = ({ id }: Definition): string => file(`../../../docs/commands/${id.replaceAll(':', '-')}.md`);

it('the pages of the commands are current', () => {
  const script = file('../scripts/write-command-pages.mjs');
  const { status, stderr } = spawnSync(testNode(), [script, '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

describe.each(COMMANDS)('the page of $id', (command) => {
  const page = readFileSync(pageOf(command), 'utf8');

  it('has its five parts, in this order', () => {
    const headings = Array.from(page.matchAll(/^## (.+)$/gm), ([, heading]) => heading);
    expect(headings).toEqual(['Interface', 'Exit codes', 'Options', 'Examples', 'Notes']);
  });

  it('names every flag', () => {
    for (const { name, hidden } of Object.values(command.flags)) {
      if (hidden !== true) expect(page).toContain(`--${name}`);
    }
  });

  it('is in the index', () => {
    expect(readFileSync(file('../../../docs/commands/README.md'), 'utf8')).toContain(command.summary);
  });
});
