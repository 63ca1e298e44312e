import type { styleText } from 'node:util';
import type { SessionView } from '@csa/calls/view';

export type Style = Parameters<typeof styleText>[0];

/** How a session's state is drawn where colours are; a good end needs none. */
export function stateStyle({ state, exit }: Pick<SessionView, 'state' | 'exit'>): Style | undefined {
  switch (state) {
    case 'alive':
      return 'green';
    case 'dead':
      return ['bold', 'red'];
    case 'unknown':
      return 'yellow';
    case 'finished':
      return exit === 0 ? undefined : 'red';
  }
}
