import { Refusal } from '@csa/session';

/** What a user may say of the code of an alive ending, strongest first. */
export interface AliveExitWishes {
  readonly flag?: string | undefined;
  /** CSA_ALIVE_EXIT_CODE, as set. */
  readonly env?: string | undefined;
  /** Validated. */
  readonly config?: number | undefined;
}

/** @throws Refusal reason=bad-exit-code */
export function chooseAliveExitCode({ flag, env, config }: AliveExitWishes): number {
  if (flag !== undefined) return parse(flag, '--alive-exit-code');
  if (env) return parse(env, 'CSA_ALIVE_EXIT_CODE');
  return config ?? 0;
}

function parse(text: string, name: string): number {
  const code = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (code <= 255 && code !== 124 && code !== 125) return code;
  throw new Refusal({
    reason: 'bad-exit-code',
    what: `${name} is no exit code that an alive ending may have`,
    expected: '0 to 255, but not 124 (dead) or 125 (no answer)',
    got: JSON.stringify(text.slice(0, 20)),
    next: 'Give another code; 75 is a good choice',
  });
}
