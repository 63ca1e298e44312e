import * as Flags from '@oclif/core/flags';
import { jsonFlag, lookupFlags } from '../../csa-command.ts';

const callerFlag = {
  caller: Flags.string({
    description: "the conversation: its agent's own id (default: the one that calls)",
    helpValue: 'ID',
  }),
};

/** What sends the requests. */
export const driverFlags = {
  driver: Flags.string({
    description:
      "command, anthropic-replay, claude-fork or codex-fork (default: the config's, else the calling agent's)",
    helpValue: 'NAME',
  }),
  'base-url': Flags.string({ description: 'anthropic-replay: where to send it', helpValue: 'URL' }),
  capture: Flags.string({ description: 'anthropic-replay: the file with the last request', helpValue: 'FILE' }),
  'credential-helper': Flags.string({
    description: 'anthropic-replay: a program that prints the credential; repeated: its arguments',
    helpValue: 'WORD',
    multiple: true,
    multipleNonGreedy: true,
  }),
};

const limitFlags = {
  interval: Flags.string({
    description: 'from the start of one request to the next (default 240s, or 55m where the cache lives for an hour)',
    helpValue: 'DURATION',
  }),
  ttl: Flags.string({
    description: "how long the provider keeps the cache (default: by the caller's transcript, the config, 240s)",
    helpValue: 'DURATION',
  }),
  budget: Flags.string({ description: 'what it may cost in all', helpValue: 'USD' }),
  'budget-per-warm': Flags.string({ description: 'what one request may cost', helpValue: 'USD' }),
  'max-warms': Flags.string({ description: 'how many requests at the most', helpValue: 'N' }),
  threshold: Flags.string({
    description: 'the least saving that one request must promise (default 0.05)',
    helpValue: 'USD',
  }),
  model: Flags.string({ description: "whose prices count (default: the transcript's)", helpValue: 'NAME' }),
  revive: Flags.boolean({ description: 'send one request although the cache is taken to be cold, at a full write' }),
};

export const onFlags = {
  ...lookupFlags,
  ...callerFlag,
  ...driverFlags,
  ...limitFlags,
  'dry-run': Flags.boolean({ description: 'say what would be sent and cost; send and write nothing' }),
  ...jsonFlag,
};

export const offFlags = {
  ...lookupFlags,
  ...callerFlag,
  all: Flags.boolean({ description: 'everything in this project that is kept warm' }),
  ...jsonFlag,
};

export const statusFlags = { ...lookupFlags, ...callerFlag, ...jsonFlag };
