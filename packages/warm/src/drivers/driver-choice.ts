/** Where a credential comes from; it is read anew for each request, and never kept. */
export type CredentialSource =
  | { readonly kind: 'environment'; readonly variable: 'ANTHROPIC_API_KEY' | 'ANTHROPIC_AUTH_TOKEN' }
  /** A program that prints it. */
  | { readonly kind: 'helper'; readonly argv: readonly string[] };

/** Which driver, with all that it needs to be made again by another process. */
export type DriverChoice =
  | { readonly name: 'command'; readonly argv: readonly string[]; readonly timeoutMs: number }
  | {
      readonly name: 'anthropic-replay';
      /** The file that holds the caller's last request. */
      readonly capture: string;
      readonly baseUrl: string;
      readonly credential: CredentialSource;
    }
  | { readonly name: 'claude-fork' }
  | { readonly name: 'codex-fork' };

export type DriverName = DriverChoice['name'] | 'turn';

export const DRIVER_NAMES: readonly DriverName[] = ['turn', 'command', 'anthropic-replay', 'claude-fork', 'codex-fork'];
