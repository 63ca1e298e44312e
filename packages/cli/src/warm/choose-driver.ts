import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { foundOnPath } from '@csa/calls';
import type { WarmConfig } from '@csa/calls/config';
import { Refusal } from '@csa/session';
import { type CredentialSource, type DriverChoice, type DriverName, parseBaseUrl, type WarmCaller } from '@csa/warm';

/** What a user says of a driver on the command line; it goes before the config, and that before the agent's preset. */
export interface DriverWishes {
  /** `--driver`, or the value of `--keep-warm`. */
  readonly name?: string | undefined;
  /** The words after `--`. */
  readonly argv?: readonly string[] | undefined;
  readonly 'base-url'?: string | undefined;
  readonly capture?: string | undefined;
  /** A program and its arguments. */
  readonly 'credential-helper'?: readonly string[] | undefined;
}

/** What a choice depends on beside them. */
export interface DriverAround {
  readonly config: WarmConfig;
  readonly caller: WarmCaller;
  readonly env: NodeJS.ProcessEnv;
}

/** One request that takes longer holds nothing warm: the next one is due. */
const COMMAND_TIMEOUT_MS = 60_000;
const FORKS = { 'claude-code': 'claude-fork', codex: 'codex-fork' } as const;
const FORKED: Readonly<Record<'claude-fork' | 'codex-fork', string>> = {
  'claude-fork': 'claude',
  'codex-fork': 'codex',
};
const KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'] as const;
const WAYS =
  'Give one: --driver command -- PROGRAM ARGS, --driver anthropic-replay --capture FILE --base-url URL, --driver claude-fork or codex-fork; or set [warm] driver in the config';

/** @throws Refusal reason=driver_unavailable | usage: nothing that could send a request was named, or it is not there */
export function chooseDriver(wishes: DriverWishes, around: DriverAround): DriverChoice {
  const name = wishes.name ?? nameByWords(wishes) ?? around.config.driver ?? preset(around);
  switch (name) {
    case 'command':
      return chooseCommand(wishes, around);
    case 'anthropic-replay':
      refuseWords(wishes, name);
      return chooseReplay(wishes, around);
    case 'claude-fork':
    case 'codex-fork':
      refuseWords(wishes, name);
      return chooseFork(name, around);
    case 'turn':
      throw unavailable('one that can send by itself', 'turn, which is the agent running csa session warm ID again');
    case undefined:
      throw unavailable('a flag, a setting, or an agent whose program is there', 'none of them');
    default:
      throw unknownDriver(name);
  }
}

/** Words after `--` are a command, and a capture is replayed. */
function nameByWords({ argv, capture }: DriverWishes): DriverName | undefined {
  if (argv !== undefined) return 'command';
  return capture === undefined ? undefined : 'anthropic-replay';
}

/** Of an agent whose own program is there: a fork of the conversation. */
function preset({ caller, env }: DriverAround): DriverName | undefined {
  if (caller.agent === 'other') return undefined;
  const fork = FORKS[caller.agent];
  return foundOnPath(FORKED[fork], env) === undefined ? undefined : fork;
}

function chooseCommand({ argv }: DriverWishes, { config, env }: DriverAround): DriverChoice {
  const words = argv ?? config.command;
  const [program] = words ?? [];
  if (words === undefined || !program) throw unavailable('a program after --, or [warm] command', 'none');
  const path = program.includes('/') ? resolve(program) : program;
  if (!(path.includes('/') ? isProgram(path) : foundOnPath(path, env) !== undefined)) {
    throw unavailable('a program that is there', JSON.stringify(program.slice(0, 80)));
  }
  return { name: 'command', argv: [path, ...words.slice(1)], timeoutMs: COMMAND_TIMEOUT_MS };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function chooseReplay(wishes: DriverWishes, { config, env }: DriverAround): DriverChoice {
  const capture = wishes.capture ?? config.capture;
  const baseUrl = wishes['base-url'] ?? config.baseUrl;
  if (capture === undefined) throw unavailable('--capture FILE or [warm] capture, with the last request', 'none');
  if (baseUrl === undefined) throw unavailable('--base-url URL or [warm] base_url, where to send it', 'none');
  const helper = wishes['credential-helper'] ?? config.credentialHelper;
  return {
    name: 'anthropic-replay',
    capture: resolve(capture),
    baseUrl: checkedUrl(baseUrl),
    credential: helper === undefined ? credentialOf(env) : { kind: 'helper', argv: helper },
  };
}

function credentialOf(env: NodeJS.ProcessEnv): CredentialSource {
  const variable = KEYS.find((name) => env[name]);
  if (variable !== undefined) return { kind: 'environment', variable };
  throw unavailable(
    `a credential in ${KEYS.join(' or ')}, --credential-helper PROGRAM or [warm] credential_helper`,
    'none',
  );
}

/** What stands in it is nobody's secret: it is shown. */
function checkedUrl(text: string): string {
  const parsed = parseBaseUrl(text);
  if (parsed.kind === 'url') return text;
  throw new Refusal({
    reason: 'bad-url',
    what: 'there is nowhere to send requests to',
    expected: 'https:// or http://, without user, password and query',
    got: `another --base-url: ${parsed.why}`,
    next: 'Write it as https://api.anthropic.com',
  });
}

function chooseFork(name: 'claude-fork' | 'codex-fork', { env }: DriverAround): DriverChoice {
  const program = FORKED[name];
  if (foundOnPath(program, env) !== undefined) return { name };
  throw unavailable(`the program ${program} on the PATH`, 'none there');
}

function refuseWords({ argv }: DriverWishes, name: DriverName): void {
  if (argv === undefined) return;
  throw new Refusal({
    reason: 'usage',
    what: 'the command line contradicts itself',
    expected: 'words after -- with --driver command alone',
    got: `--driver ${name} and a command`,
    next: 'Leave one of them out',
  });
}

function unavailable(expected: string, got: string): Refusal {
  return new Refusal({
    reason: 'driver_unavailable',
    what: 'there is no driver that can keep a cache warm',
    expected,
    got,
    next: WAYS,
    command: ['session', 'warm', 'on', '--help'],
  });
}

function unknownDriver(name: string): Refusal {
  return new Refusal({
    reason: 'usage',
    what: 'no driver has this name',
    expected: 'one of command, anthropic-replay, claude-fork, codex-fork',
    got: JSON.stringify(name.slice(0, 40)),
    next: 'Name one of them',
    command: ['session', 'warm', 'on', '--help'],
  });
}
