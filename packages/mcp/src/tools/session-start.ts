import { sessionHooks, startDocument, startRequest, startSession } from '@csa/calls/start';
import { cleanLine } from '@csa/markers';
import { Refusal } from '@csa/session';
import type { Host } from '../host.ts';
import type { InputOf } from '../input/inputs.ts';
import { pairs, words } from '../input/many-parameters.ts';
import { duration, flag, text } from '../input/single-parameters.ts';
import { defineTool, type Tool } from '../tool.ts';

const PARAMETERS = {
  shell: text('one shell line, run by sh -c'),
  command: words({ description: 'or the exact words, without a shell' }),
  cd: text('project directory (default: of this conversation)'),
  description: text('what this is'),
  label: pairs('marks to find it by'),
  env: pairs('variables to set'),
  clear_env: flag('pass on nothing else but PATH'),
  max_time: duration('end it after this long'),
  idle_timeout: duration('end it after this long without output and CPU use'),
};

type Input = InputOf<typeof PARAMETERS>;

const MAX_DESCRIPTION_BYTES = 200;

export function sessionStart(host: Host): Tool {
  return defineTool({
    name: 'session_start',
    description:
      'Start a command as a session that outlives this conversation; returns at once with its id. Give shell or command. Then call session_wait.',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    parameters: PARAMETERS,
    run: async (input) => {
      const argv = commandOf(input);
      const scope = host.scope(input.cd);
      const hooks = sessionHooks([], { env: host.env, project: scope.project });
      const { env, supervisorScript, hints } = host;
      const request = startRequest(argv, flagsOf(input), { scope, hooks: hooks.commands, env, supervisorScript });
      const started = await startSession(request);
      const document = startDocument({ started, scope, hints, env, json: false });
      const next = { tool: 'session_wait', arguments: { ids: [started.session.id] } };
      return { kind: 'document', document: { ...document, next } };
    },
  });
}

/** @throws Refusal reason=missing-command */
function commandOf({ shell, command }: Input): [string, ...string[]] {
  const got = shell !== undefined && command !== undefined ? 'both' : 'neither';
  if ((shell === undefined) === (command === undefined)) throw missing('exactly one of shell and command', got);
  const [first, ...rest] = command ?? ['sh', '-c', shell ?? ''];
  if (first === undefined || first === '' || shell?.trim() === '') throw missing('a command', 'an empty one');
  if ([first, ...rest].some((word) => word.includes('\0'))) throw missing('a command', 'a NUL character in it');
  return [first, ...rest];
}

function missing(expected: string, got: string): Refusal {
  return new Refusal({
    reason: 'missing-command',
    what: 'which command to start is not said',
    expected,
    got,
    next: 'Call session_start again, with shell for one line of shell, or command for an array of words',
  });
}

/** In a list all shell lines would be called sh: each is described by itself. */
function flagsOf({ shell = '', description, label, env, clear_env: clears = false, ...times }: Input) {
  return {
    description: description ?? cleanLine(shell, MAX_DESCRIPTION_BYTES),
    label: assignments(label),
    env: assignments(env),
    'clear-env': clears,
    'keep-agent-env': false,
    'max-time': times.max_time,
    'idle-timeout': times.idle_timeout,
  };
}

function assignments(values: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}
