import { join } from 'node:path';

/** Where a project's brief and all that belongs to it stand; beside its sessions, never in one. */
export interface BriefPlaces {
  /** The project's real path. */
  readonly project: string;
  /** The project's own folder under the state root. */
  readonly folder: string;
  readonly payload: string;
  readonly sidecar: string;
  /** What nobody else reads: the lock, what is remembered, events, collected marks. */
  readonly workshop: string;
}

/** The only place that names them, for writers and readers. `root`: the state root; `project`: its real path. */
export function briefPlaces(root: string, project: string): BriefPlaces {
  const folder = join(root, project.replace(/^\/+/, ''));
  return {
    project,
    folder,
    payload: join(folder, 'brief.md'),
    sidecar: join(folder, 'brief.meta.json'),
    workshop: join(folder, '.brief'),
  };
}
