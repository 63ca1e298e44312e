import type { Hints } from '@csa/calls';
import * as Args from '@oclif/core/args';
import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { endStandIns } from './account.ts';
import { restoreForcedColour } from './forced-colour.ts';
import { ownHints } from './program.ts';
import type { Report } from './report.ts';

/** A command parses, calls one thing and returns its report; errors are thrown to the one place that words them. */
export abstract class CsaCommand extends Command {
  abstract override run(): Promise<Report>;

  protected override init(): Promise<void> {
    endStandIns();
    restoreForcedColour();
    return super.init();
  }

  protected override catch(error: Error): Promise<never> {
    // oclif would choose an exit code here.
    return Promise.reject(error);
  }

  protected hints(): Hints {
    return ownHints(process.env);
  }
}

/** The session's id as a word; never read from standard input. */
export const sessionArgs = {
  id: Args.string({ description: 'session id or its unique beginning', ignoreStdin: true }),
};

/** Where to look for the session. */
export const lookupFlags = {
  cd: Flags.string({ description: 'project directory to look in (default: the current one)', helpValue: 'DIR' }),
  dir: Flags.string({ description: "the session's own directory; needs no id", helpValue: 'DIR' }),
};

export const jsonFlag = {
  json: Flags.boolean({ description: 'print one JSON document' }),
};
