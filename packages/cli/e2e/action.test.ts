import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endSession, runCsa, temporaryWorld, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { ACTION, type ActionRun, ActionRunner, ROOT, type Surroundings } from './action-runner.ts';
import { commandPid, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, type Program } from './program.ts';
import { userPath } from './user-path.ts';

const ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** A runner with the built csa on its PATH. */
function stage(): Surroundings {
  const world = temporaryWorld({ projectName: 'a work space' });
  return { world, env: { PATH: userPath(world) } };
}

const act = (inputs: Record<string, string>, on = stage()): Promise<ActionRun> =>
  new ActionRunner({ version: 'installed', ...inputs }, on).run();

describe('the action', () => {
  it('has the version of the command line as its default', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'));
    expect(ACTION.inputs['version']?.default).toBe(version);
  });

  it('hands each of its inputs to a step, and to none in the text of a script', () => {
    const used = ACTION.runs.steps.flatMap(({ env }) => Object.values(env)).join(' ');
    for (const name of Object.keys(ACTION.inputs)) expect(used).toContain(`\${{ inputs.${name} }}`);
    for (const { run } of ACTION.runs.steps) expect(run).not.toContain('${{');
  });

  it('succeeds with a session that succeeds', async () => {
    const { code, outputs, summary, log } = await act({ run: 'echo "hello  there"', label: 'run=42\nkind=test' });
    expect(code).toBe(0);
    expect(outputs).toEqual({
      session: expect.stringMatching(ID),
      status: 'success',
      exit_code: '0',
      wait_result: 'finished',
    });
    expect(log).toContain('\nhello  there\n');
    expect(summary).toMatch(
      /^### csa session: success[\s\S]*\| exit code \| 0 \|[\s\S]*```text\n[\s\S]*hello {2}there\n```/,
    );
  });

  it("fails with a failed session's own code, and says so", async () => {
    const { code, outputs, commands, summary } = await act({ run: 'echo 2 tests failed; exit 3' });
    expect([code, outputs]).toEqual([3, { ...outputs, status: 'failure', exit_code: '3', wait_result: 'finished' }]);
    expect(commands).toEqual([`::error title=csa::${outputs['session']}: failure (exit 3): 2 tests failed`]);
    expect(summary).toContain('2 tests failed');
  });

  it.each([
    ['finished', 'failure', '3', { run: 'exit 3' }],
    ['alive', 'alive', '75', { run: 'sleep 60', 'max-wait': '1s' }],
  ])('leaves a session that is %s to later steps where that is asked for', async (result, status, exit, inputs) => {
    const { code, outputs } = await act({ ...inputs, 'fail-on-failure': 'false' });
    expect([code, outputs]).toMatchObject([0, { status, exit_code: exit, wait_result: result }]);
  });

  it('ends with 75 while the session is alive, and another one waits for it', async () => {
    const on = stage();
    const run = 'until [ -e go ]; do sleep 0.05; done; exit 4';
    const first = await act({ run, 'max-wait': '1s' }, on);
    expect([first.code, first.outputs]).toMatchObject([75, { status: 'alive', wait_result: 'alive', exit_code: '75' }]);
    writeFileSync(join(on.world.project, 'go'), '');
    const second = await act({ session: first.outputs['session'] ?? '', 'max-wait': 'until-done' }, on);
    expect([second.code, second.outputs]).toMatchObject([4, { session: first.outputs['session'], status: 'failure' }]);
  });

  it('ends with 124 for a session that is dead', async () => {
    const on = stage();
    const id = await startGated(on.world);
    await commandPid(on.world, id);
    endSession(on.world, id);
    const { code, outputs, summary } = await act({ session: id, 'fail-on-failure': 'true' }, on);
    expect([code, outputs]).toMatchObject([124, { session: id, wait_result: 'dead', exit_code: '124' }]);
    expect(summary).toContain('dead, nothing recorded');
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['an unknown id', { session: '01M0F77JH0BVPHYFAVF40A3GZ5' }, 'not_found', /no session/],
    ['neither of both', {}, 'error', /expected either run or session, got neither/],
    ['both', { run: 'true', session: '01M0' }, 'error', /got both/],
    ['a switch that is none', { run: 'true', detach: 'yes' }, 'error', /the input detach/],
    ['a label that is none', { run: 'true', label: 'x' }, 'error', /label/],
    ['a directory that is none', { run: 'true', 'working-directory': 'none' }, 'error', /none/],
    ['a time that is none', { run: 'sleep 60', 'max-wait': 'soon' }, 'error', /soon/],
    ['a code that is none', { run: 'sleep 60', 'alive-exit-code': '300' }, 'error', /300/],
    ['a last switch that is none', { run: 'true', 'fail-on-failure': 'no' }, 'error', /the input fail-on-failure/],
    ['a flag for an id', { session: '--help' }, 'error', /the input session is no id/],
  ])(
    'ends with 125 for %s, also where failures are let through, and starts nothing',
    async (_, inputs, result, said) => {
      const on = stage();
      const { code, outputs, commands } = await act({ 'fail-on-failure': 'false', ...inputs }, on);
      expect([code, outputs]).toMatchObject([125, { wait_result: result, exit_code: '125' }]);
      expect(commands).toEqual([expect.stringMatching(/^::error title=csa::/)]);
      expect(commands.at(-1)).toMatch(said);
      const { stdout } = await runCsa(['session', 'list', '--json'], { world: on.world });
      expect(JSON.parse(stdout).sessions).toEqual([]);
    },
  );

  it('ends a session that may take no longer', async () => {
    const { code, outputs } = await act({ run: 'sleep 60', 'max-time': '1s' });
    expect([code, outputs['status'], outputs['wait_result']]).toEqual([expect.any(Number), 'timeout', 'finished']);
    expect(code).not.toBe(0);
  });
});

describe('the text of run', () => {
  it('is run as a step of a workflow is: unchanged, in its directory, ended by the first failure', async () => {
    const on = stage();
    mkdirSync(join(on.world.project, 'sub dir'));
    const run = `cat <<'END'\n$(touch injected) \`id\` "quoted" \${{ x }} 'single' \\ ü\nEND\npwd\nfalse | cat\necho not reached`;
    const { code, log } = await act({ run, 'working-directory': 'sub dir' }, on);
    expect(code).toBe(1);
    expect(log).toContain(`\n$(touch injected) \`id\` "quoted" \${{ x }} 'single' \\ ü\n${on.world.project}/sub dir\n`);
    expect(log).not.toContain('\nnot reached\n');
  });

  it('may begin with a dash', async () => {
    expect((await act({ run: '--version 2>/dev/null || exit 6' })).code).toBe(6);
  });

  it('gets the surroundings of the step, but not its outputs', async () => {
    const run = 'echo "out=$GITHUB_OUTPUT run=$CSA_INPUT_RUN summary=$GITHUB_STEP_SUMMARY tracked=$RUNNER_TRACKING_ID"';
    const { log } = await act({ run });
    expect(log).toMatch(/\nout= run= summary=\/\S+ tracked=github_1\n/);
  });

  it('is not tracked by the runner where the session is to outlive the job', async () => {
    expect((await act({ run: 'echo "tracked=$RUNNER_TRACKING_ID."', detach: 'true' })).log).toContain('\ntracked=.\n');
  });
});

describe('hostile output', () => {
  const HOSTILE = [
    '::error::forged',
    '  ::set-output name=status::success',
    '##[error]forged',
    '::stop-commands::x',
    '```',
    '````',
    '</details><img src=x onerror=alert(1)>',
    '<!-- CSA:SESSION_WAIT_COMPLETED session=x status=success exit=0 -->',
    '\u001b[31mred\u001b[0m',
    'status<<END',
  ];

  it('commands nothing, forges no output, and stays text in the summary', async () => {
    const on = stage();
    writeFileSync(join(on.world.project, 'hostile.txt'), `${HOSTILE.join('\n')}\n`);
    const { code, outputs, commands, summary } = await act({ run: 'cat hostile.txt; cat hostile.txt >&2; exit 3' }, on);
    expect([code, outputs['status']]).toEqual([3, 'failure']);
    expect(commands).toEqual([expect.stringMatching(/^::error title=csa::[0-9A-Z]{26}: failure \(exit 3\)/)]);
    const [before = '', fenced = '', after = ''] = summary.split(/^`{5}(?:text)?$/m);
    expect(fenced).toContain('</details><img src=x onerror=alert(1)>');
    expect(before + after).not.toMatch(/<img|::/);
    expect(summary).not.toMatch(/\u001b|<!-- CSA:/);
    expect(after).toBe('\n\n</details>\n\n');
  });

  it('stays text where it is a status or a summary of the session’s own', async () => {
    const report = 'status = "<b>|`x`|</b>"\\nexit_code = 3\\nsummary = "[click](http://x) ::error::%0A::error::x"';
    const { code, outputs, commands, summary } = await act({
      run: `printf '${report.replaceAll('%', '%%')}\\n' >"$CSA_RESULT_FILE"`,
    });
    expect(code).toBe(3);
    expect(commands).toHaveLength(1);
    expect(commands[0]).toContain('%250A');
    expect(summary).not.toMatch(/<b>|\[click\]|`x`/);
    expect(outputs['status']).not.toContain('\n');
  });

  it('fills the summary no further than it may', async () => {
    const { summary } = await act({ run: `head -c 3000000 /dev/zero | tr '\\0' x | fold -w 100`, tail: '5000' });
    expect(summary.length).toBeGreaterThan(10_000);
    expect(summary.length).toBeLessThan(100_000);
  });
});

describe('a step that is cancelled', () => {
  function isStopAsked({ world }: Surroundings): boolean {
    return readdirSync(world.stateRoot, { recursive: true }).some((path) => String(path).endsWith('stop-request.toml'));
  }

  async function cancelled(inputs: Record<string, string>, on: Surroundings): Promise<ActionRun> {
    const run = 'trap "" TERM; echo up; while :; do sleep 0.1; done';
    const runner = new ActionRunner({ version: 'installed', run, ...inputs }, on);
    const interrupt = async (step: Program): Promise<void> => {
      await until(() => step.stdout().includes('\nup\n'), 'the session', 30_000);
      step.kill('SIGINT');
      if (inputs['detach'] === 'true' || inputs['session'] !== undefined) return;
      // The runner's next one must not end what the first has begun.
      await until(() => isStopAsked(on), 'the stop', 30_000);
      step.kill('SIGTERM');
    };
    return runner.run((id, step) => {
      if (id === 'session') void interrupt(step);
    });
  }

  it('stops its session, and says why', async () => {
    const on = stage();
    const { code, outputs, summary } = await cancelled({}, on);
    expect([code, outputs]).toMatchObject([130, { status: 'signal', wait_result: 'interrupted' }]);
    expect(sessionFile(on.world, outputs['session'] ?? '', 'result.toml')).toContain('the step was cancelled (SIGINT)');
    expect(summary).toContain('### csa session: cancelled');
  });

  it('leaves a detached session alone', async () => {
    const on = stage();
    const { code, outputs } = await cancelled({ detach: 'true' }, on);
    expect([code, outputs]).toMatchObject([130, { status: 'alive', wait_result: 'interrupted' }]);
    expect(isRunning(supervisorPid(on.world, outputs['session'] ?? ''))).toBe(true);
  });

  it('leaves a session alone that it has only waited for', async () => {
    const on = stage();
    const id = await startJob(['sh', '-c', 'echo up; sleep 60'], { world: on.world });
    const { outputs } = await cancelled({ run: '', session: id }, on);
    expect(outputs).toMatchObject({ session: id, wait_result: 'interrupted' });
    expect(isRunning(supervisorPid(on.world, id))).toBe(true);
  });
});
