// The PATH of a user who has csa, and programs of a test's own.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { builtCsa, testNode, type World } from '@csa/testkit';

/** @param programs lines of shell by the names of the programs that run them */
export function userPath({ home, env }: World, programs: Readonly<Record<string, string>> = {}): string {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(builtCsa, join(bin, 'csa'));
  symlinkSync(testNode(), join(bin, 'node'));
  for (const [name, lines] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  }
  return [bin, env['PATH']].join(delimiter);
}
