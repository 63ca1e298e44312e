import type { Client } from './client.ts';

const config = (model: string): object => ({
  model: 'loopback/model',
  small_model: 'loopback/model',
  share: 'disabled',
  permission: 'allow',
  provider: {
    loopback: {
      npm: '@ai-sdk/anthropic',
      name: 'loopback',
      options: { baseURL: `${model}/v1`, apiKey: 'none' },
      models: { model: { name: 'model', tool_call: true, limit: { context: 200_000, output: 8_000 } } },
    },
  },
});

export const opencode: Client = {
  name: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  program: 'opencode',
  files: (model) => ({ '.config/opencode/opencode.json': JSON.stringify(config(model), null, 2) }),
  environment: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  }),
  arguments: (prompt) => ['run', prompt],
  shell: (command, { timeoutMs } = {}) => ({
    kind: 'call',
    tool: 'bash',
    input: { command, description: 'nightly', ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) },
  }),
  tool: (name) => `csa_${name}`,
};
