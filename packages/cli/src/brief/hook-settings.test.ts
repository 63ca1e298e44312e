import { parseToml } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { Hints } from '../hints.ts';
import { hookSettings } from './hook-settings.ts';

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
