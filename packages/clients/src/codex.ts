import type { Client } from './client.ts';

/** A provider of ours, which speaks the Responses API. */
const config = (model: string): string => `model = "loopback"
model_provider = "loopback"

[model_providers.loopback]
name = "loopback"
base_url = "${model}/v1"
wire_api = "responses"
env_key = "LOOPBACK_KEY"
`;

/** Nobody can be asked whether the hooks of a new configuration are to be trusted. */
const UNASKED = ['exec', '--skip-git-repo-check', '--dangerously-bypass-hook-trust'];
/** Else the first turn begins before a slow machine has started the server. */
const SERVER_FIRST = ['-c', 'mcp_servers.csa.required=true'];

/** A test's HOME lies there; a user's does not. */
const NO_WRITABLE_TMP = ['exclude_slash_tmp', 'exclude_tmpdir_env_var'].flatMap((key) => [
  '-c',
  `sandbox_workspace_write.${key}=true`,
]);

/** With full access. */
export const codex: Client = {
  name: 'codex',
  package: '@openai/codex',
  version: '0.169.0',
  program: 'codex',
  files: (model) => ({ '.codex/config.toml': config(model) }),
  environment: () => ({ LOOPBACK_KEY: 'none' }),
  arguments: (prompt, hasServer) => [
    ...UNASKED,
    ...(hasServer ? SERVER_FIRST : []),
    '--dangerously-bypass-approvals-and-sandbox',
    prompt,
  ],
  shell: (cmd, { timeoutMs } = {}) => ({
    kind: 'call',
    tool: 'exec_command',
    input: { cmd, ...(timeoutMs === undefined ? {} : { yield_time_ms: timeoutMs }) },
  }),
  tool: (name) => `mcp__csa.${name}`,
};

/** In the sandbox that it has by default. */
export const sandboxedCodex: Client = {
  ...codex,
  arguments: (prompt, hasServer) => [
    ...UNASKED,
    ...(hasServer ? SERVER_FIRST : []),
    ...NO_WRITABLE_TMP,
    '--sandbox',
    'workspace-write',
    prompt,
  ],
};
