import { Claim, type ClaimRecord, type Holder } from '@csa/session/files';

/** Who warms: a process of its own that is ended with the heartbeat, or a wait that warms beside its waiting. */
export type ClaimRole = 'heartbeat' | 'wait';

export type WarmClaimRecord = ClaimRecord<ClaimRole>;
export type WarmHolder = Holder<ClaimRole>;

/** The claim `name` of those who warm. */
export class WarmClaim extends Claim<ClaimRole> {
  constructor(directory: string, name: string) {
    super({ directory, name }, ['heartbeat', 'wait']);
  }
}
