import { lookupScope, parseDuration } from '@csa/calls';
import * as Flags from '@oclif/core/flags';
import { CsaCommand, jsonFlag } from '../../../csa-command.ts';
import { answer, type Report } from '../../../report.ts';
import { terminalOf } from '../../../terminal.ts';
import { namedDirectories } from '../../../warm/report/named-directories.ts';
import { readCaches } from '../../../warm/report/read-caches.ts';
import { reportDocument } from '../../../warm/report/report-json.ts';
import { reportLines } from '../../../warm/report/report-words.ts';

const SINCE = { name: '--since', minMs: 60_000, maxMs: 3_650 * 86_400_000 };

export default class SessionWarmReport extends CsaCommand {
  static override summary = 'Tell from your own transcripts when prompt caches go cold, and what warming is worth.';
  static override description =
    `Reads what Claude Code and Codex have written down of each request: how much of the prompt came from the cache. By the time between two requests it shows how much of the prefix was read again, and from that the gap at which your caches really go cold: the evidence is usage alone, never what a provider promises. It sends nothing.

Then it counts what cold returns have cost, and what it would have cost and saved to warm every conversation through every gap until break-even, also those that nobody came back to. What was avoided never stands without what was spent. A model whose price is not known (nor set in [warm.prices] of your config) counts in tokens alone.

Left out: sub-agents, side conversations, answers without any cache, and what a fork repeats. A gap after which another model or a shorter prompt came tells nothing of a cache's life.

What was read is remembered as numbers and names of models in .warm/report below the state root, so that the next report reads only what was added.

EXIT CODES
  0    it was told, also that there is nothing to tell
  125  csa could not answer, or a directory that was named is not there`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'a month, for a program', command: '<%= config.bin %> <%= command.id %> --since 30d --json' },
    {
      description: 'transcripts that were kept elsewhere',
      command: '<%= config.bin %> <%= command.id %> --transcripts ../api',
    },
  ];
  static override flags = {
    since: Flags.string({
      description: 'only requests of the last so long (1m to 3650d)',
      helpValue: 'DURATION',
      default: '7d',
    }),
    transcripts: Flags.string({
      description: 'a directory with transcripts below it, instead of where your agents write; repeatable',
      helpValue: 'DIR',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...jsonFlag,
  };

  async run(): Promise<Report> {
    const { flags } = await this.parse(SessionWarmReport);
    const { project } = lookupScope(undefined, process.env);
    const read = readCaches({
      directories: namedDirectories(flags.transcripts ?? []),
      sinceMs: parseDuration(flags.since, SINCE),
      env: process.env,
      project,
      now: Date.now(),
    });
    const { hasColour, isLive, columns } = terminalOf(process.stdout, process.env);
    const form = { hasColour, ...(isLive ? { columns } : {}) };
    const stderr = read.warnings.map((text) => `csa: ${text}`);
    return answer(flags.json ? [JSON.stringify(reportDocument(read))] : reportLines(read, form), stderr);
  }
}
