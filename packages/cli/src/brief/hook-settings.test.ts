import { Hints } from '@csa/calls';
import { parseToml } from '@csa/session';
import { refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { hookSettings, hookSettingsReport } from './hook-settings.ts';

const HINTS = new Hints(['csa']);
const ODD = new Hints(['/opt/my "node"/bin/node', '/home/ü \\x/csa.js']);
const ODD_COMMAND = `'/opt/my "node"/bin/node' '/home/ü \\x/csa.js' session brief --hook`;

const group = (command: string) => ({
  matcher: 'startup|resume|clear|compact',
  hooks: [{ type: 'command', command, timeout: 15 }],
});

describe('the settings of the hook', () => {
  it.each([
    ['csa session brief --hook', HINTS, []],
    ["csa session brief --hook --cd '/my project'", HINTS, ['--cd', '/my project']],
    [ODD_COMMAND, ODD, []],
  ] as const)('run %s, in the words of either client', (command, hints, flags) => {
    const wanted = { hooks: { SessionStart: [group(command)] } };
    expect(JSON.parse(hookSettings('claude', hints, flags).join('\n'))).toEqual(wanted);
    expect(JSON.parse(JSON.stringify(parseToml(hookSettings('codex', hints, flags).join('\n'))))).toEqual(wanted);
  });
});

describe('the report of the settings', () => {
  const roots = { primary: '/s/cli-sub-agent', legacy: '/s/csa', isDefault: true };
  const report = (project: string, isFixed: boolean, isDefault = true) =>
    hookSettingsReport('codex', { scope: { project, roots: { ...roots, isDefault } }, isFixed }, HINTS);

  it('has nothing but them on standard output, and says where they belong', () => {
    const { exitCode, stdout, stderr } = report('/p', false);
    expect([exitCode, stdout]).toEqual([0, hookSettings('codex', HINTS)]);
    expect(stderr).toEqual([expect.stringContaining('~/.codex/config.toml')]);
  });

  it('names the project where one was asked for', () => {
    expect(report('/my p', true).stdout).toContain(`command = "csa session brief --hook --cd '/my p'"`);
  });

  it('warns where the agent may look for its sessions elsewhere', () => {
    expect(report('/p', false, false).stderr).toEqual([expect.any(String), expect.stringContaining('XDG_STATE_HOME')]);
  });

  it('refuses a project that no configuration can name', () => {
    expect(refusalOf(() => report('/a\nb', true)).reason).toBe('invalid-directory');
    expect(report('/a\nb', false).exitCode).toBe(0);
  });
});
