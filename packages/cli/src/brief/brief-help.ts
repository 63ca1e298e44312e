/** The help of `session brief`: what it is for, who keeps it fresh, and how an agent gets it. */
export const BRIEF_DESCRIPTION: string = `An agent that starts, resumes or has its context compacted has forgotten which sessions it started. This tells it, in markdown of at most 10,000 characters: what is alive and how to wait for it, what has finished and was not collected yet (status, exit code, summary, how to see the result), what died and recorded nothing, and which prompt caches are kept warm. Finished sessions are left out once somebody was shown how they ended, by session wait, result or attach.

Printed as it is now, unless told otherwise. --hook is for the start of a conversation and answers at once: every supervisor keeps a rendered brief beside the project's sessions, which is printed where nothing has changed since, and else rendered anew, for at most 10 seconds. It prints the brief or nothing, reads no standard input, and exits with 0 whatever happens: no conversation fails because of it.

--print-hook prints the configuration that runs it: for Claude Code a part of settings.json (~/.claude/settings.json for yourself, .claude/settings.local.json for one project), for Codex a part of ~/.codex/config.toml. Merge it with what is there.

ENVIRONMENT
  CSA_BRIEF=off              supervisors started with it keep no brief fresh
  CSA_BRIEF_REFRESH_MIN_SEC  seconds between two refreshes by supervisors (60)
  CSA_BRIEF_MAX_AGE_SEC      --hook renders an older one anew (43200; 0: never)

EXIT CODES
  0    told, also when there is nothing to say; with --hook always
  125  csa could not answer (reason=), or not in full: --refresh could not
       write the file, --all-projects could not read a project`;

/** Each runs as printed. */
export const BRIEF_EXAMPLES: (string | { description: string; command: string })[] = [
  '<%= config.bin %> <%= command.id %>',
  {
    description: 'what belongs into ~/.claude/settings.json',
    command: '<%= config.bin %> <%= command.id %> --print-hook claude',
  },
  { description: 'what that hook prints, and why', command: '<%= config.bin %> <%= command.id %> --hook --verbose' },
  {
    description: 'every project, for programs',
    command: '<%= config.bin %> <%= command.id %> --all-projects --json',
  },
];
