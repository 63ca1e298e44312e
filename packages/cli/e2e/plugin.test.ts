import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryWorld } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { shell } from './program.ts';
import { userPath } from './user-path.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const json = (path: string) => JSON.parse(text(path));

const PLUGIN = json('.claude-plugin/plugin.json');
const EXECUTABLE = `"\${CLAUDE_PLUGIN_ROOT}"/bin/csa`;

describe('the plugin', () => {
  it('has the version of the command line, everywhere', () => {
    const { version } = json('packages/cli/package.json');
    expect([PLUGIN.version, /^version=(.*)$/m.exec(text('bin/csa'))?.[1]]).toEqual([version, version]);
  });

  it('is what the marketplace in the same repository offers', () => {
    const { plugins } = json('.claude-plugin/marketplace.json');
    expect(plugins).toEqual([expect.objectContaining({ name: PLUGIN.name, source: './' })]);
    // Its version stands in one place: Claude Code goes by that of the plugin itself.
    expect(plugins[0]).not.toHaveProperty('version');
  });

  it('runs its own executable as the MCP server, wherever the plugin lies', () => {
    // Above the longest cap of a wait; and in front of the model rather than behind a search for tools.
    const limits = { alwaysLoad: true, timeout: 7_200_000 };
    const command = `\${CLAUDE_PLUGIN_ROOT}/bin/csa`;
    expect(PLUGIN.mcpServers).toEqual({ csa: { command, args: ['mcp'], ...limits } });
  });

  it('has exactly the hooks that the program prints', async () => {
    const world = temporaryWorld();
    const env = { PATH: userPath(world) };
    const printed = async (words: string) => {
      const { stdout } = await shell(words, { world, env });
      return JSON.parse(stdout).hooks;
    };
    const hooks = {
      ...(await printed('csa session brief --print-hook claude')),
      ...(await printed('csa session warm hook --print-settings')),
    };
    const own = JSON.stringify(json('hooks/hooks.json').hooks);
    expect(JSON.parse(own.replaceAll(JSON.stringify(EXECUTABLE).slice(1, -1), 'csa'))).toEqual(hooks);
  });

  it('has a launcher that knows the words of each of its hooks', async () => {
    const world = temporaryWorld();
    writeFileSync(join(world.project, 'csa'), text('bin/csa'), { mode: 0o755 });
    const hooks = Object.values(json('hooks/hooks.json').hooks).flat() as Array<{ hooks: Array<{ command: string }> }>;
    for (const { command } of hooks.flatMap((entry) => entry.hooks)) {
      const line = `PATH=/nonexistent; ${command.replace(EXECUTABLE, './csa')}`;
      expect(await shell(line, { world }), line).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
  });
});
