import { readdirSync, readFileSync } from 'node:fs';
import type { World } from '@csa/testkit';

/** The hook runners of the world's sessions. */
export function hookRunners(world: World): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && textOf(`/proc/${name}/cmdline`).includes('csa-hooks.js'))
    .filter((name) => textOf(`/proc/${name}/environ`).includes(`HOME=${world.home}\0`))
    .map(Number);
}

/** Empty of a process that is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
