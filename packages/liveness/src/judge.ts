import type { Host } from './host.ts';
import { isPid } from './pid.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Seen, Sighting } from './sighting.ts';

/** Whether a process is still the one that was started, and why not. `unknown` never means dead. */
export type Liveness =
  | { readonly state: 'alive' }
  | { readonly state: 'dead'; readonly reason: 'gone' | 'reused' | 'zombie' | 'rebooted' | 'other-command' }
  | {
      readonly state: 'unknown';
      readonly reason:
        | 'other-machine'
        | 'other-pid-namespace'
        | 'proc-hidden'
        | 'io-error'
        | 'unproven-pid'
        | 'invalid-pid';
    };

/**
 * What can be said without looking at the pid: whether the identity is of this machine, boot and pid namespace.
 * undefined when it is, so that the pid itself decides: judgeSighting.
 */
export function judgeOrigin(identity: ProcessIdentity, host: Host): Liveness | undefined {
  if (!isPid(identity.pid) || identity.pid === 1) return unknown('invalid-pid');
  const machine = compareMachines(identity, host);
  if (machine === 'other') return unknown('other-machine');
  const sameBoot = compare(identity.bootId, host.bootId);
  if (machine === 'same' && sameBoot === false) return { state: 'dead', reason: 'rebooted' };
  // A boot id of our own proves the machine; another one may be a reboot or a second machine.
  if (machine === 'indistinct' && sameBoot !== true) return unknown('unproven-pid');
  // A namespace that only the record has is one of a system that differs from this one.
  const namespace = known(identity.pidNamespace);
  if (namespace !== undefined && namespace !== known(host.pidNamespace)) return unknown('other-pid-namespace');
  return undefined;
}

/**
 * Records without the field are of this machine: older writers had no other place. A machine without an id can be one
 * of several containers on a shared volume, so that it is told apart only by the boot. macOS never has an id, and no
 * pid namespace either: two records of that kind are taken for the same machine.
 */
function compareMachines(identity: ProcessIdentity, host: Host): 'same' | 'other' | 'indistinct' {
  if (identity.machineId === undefined) return 'same';
  const recorded = known(identity.machineId);
  const here = known(host.machineId);
  if (recorded !== undefined && here !== undefined) return recorded === here ? 'same' : 'other';
  const namespaces = known(identity.pidNamespace) ?? known(host.pidNamespace);
  return recorded === here && namespaces === undefined ? 'same' : 'indistinct';
}

/**
 * What a look at the pid says of an identity of this machine.
 *
 * @param mention text that the command line must contain where the identity has no start time
 */
export function judgeSighting(identity: ProcessIdentity, sighting: Sighting, mention?: string): Liveness {
  switch (sighting.kind) {
    case 'gone':
      return { state: 'dead', reason: 'gone' };
    case 'hidden':
      return unknown('proc-hidden');
    case 'failed':
      return unknown('io-error');
    case 'seen':
      return isBare(identity) ? judgeBare(sighting, mention) : judgeStarted(identity, sighting);
  }
}

/** Whether the identity has no (readable) start time: a pid alone, which any process may have by now. */
export function isBare(identity: ProcessIdentity): boolean {
  return !/^\d+$/.test(identity.startTime ?? '');
}

function judgeStarted(identity: ProcessIdentity, seen: Seen): Liveness {
  if (seen.startTime === undefined) return unknown('unproven-pid');
  if (seen.startTime !== identity.startTime) return { state: 'dead', reason: 'reused' };
  return seen.condition === 'zombie' ? { state: 'dead', reason: 'zombie' } : { state: 'alive' };
}

function judgeBare(seen: Seen, mention: string | undefined): Liveness {
  // Whoever had the pid: ours has ended, or another took its place.
  if (seen.condition === 'zombie') return { state: 'dead', reason: 'zombie' };
  if (!mention || !seen.commandLine) return unknown('unproven-pid');
  return seen.commandLine.includes(mention) ? { state: 'alive' } : { state: 'dead', reason: 'other-command' };
}

/** undefined when one of the two is not known. */
function compare(recorded: string | undefined, here: string | undefined): boolean | undefined {
  const [one, other] = [known(recorded), known(here)];
  return one === undefined || other === undefined ? undefined : one === other;
}

/** `-` stands for a value that there is not, as in records of fixed columns. */
function known(value: string | undefined): string | undefined {
  return value === '-' ? undefined : value;
}

function unknown(reason: (Liveness & { state: 'unknown' })['reason']): Liveness {
  return { state: 'unknown', reason };
}
