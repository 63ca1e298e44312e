// What `csa session warm hook` costs beyond the runtime's own start. Build first.
//   node bench/hook.mjs [RUNS]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const runs = Number(process.argv[2] ?? 40);
const world = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
const env = { PATH: process.env.PATH, HOME: world, XDG_STATE_HOME: join(world, 'state') };
const [ON, OTHER] = ['0c2f6f7e-8d0f-4b66-9f61-3f1a1f6f8f11', '7d6b3a52-4a55-4f7e-b3a0-0a3a5b9d7c11'];

/** As Claude Code writes it. */
function event(name, conversation) {
  return JSON.stringify({
    session_id: conversation,
    transcript_path: `${world}/.claude/projects/-w/${conversation}.jsonl`,
    cwd: world,
    hook_event_name: name,
    tool_name: 'Bash',
    tool_input: { command: 'npm test' },
    tool_use_id: 'toolu_01',
  });
}

/** Switches warming on, with nobody who beats: a claim that this process holds stands for the heartbeat. */
async function switchOn() {
  const { openWarmStore, on } = await import(join(root, 'packages/warm/dist/index.js'));
  const key = { caller: { agent: 'claude-code', id: ON }, session: '01M0F77JH0BVPHYFAVF40A3GZ5' };
  const settings = {
    sessionDirectory: world,
    cwd: world,
    driver: { name: 'command', argv: ['true'], timeoutMs: 1_000 },
    durationGiven: true,
    ttl: { ms: 300_000, source: 'default' },
    threshold: 0,
    revive: false,
  };
  const record = openWarmStore(env).record(key);
  record.change(on({ key, at: Date.now(), until: Date.now() + 3_600_000, settings }));
  await record.claim.take('heartbeat', Date.now() + 3_600_000);
}

function milliseconds(args, input = '') {
  const before = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: world, env, input, encoding: 'utf8' });
  const took = performance.now() - before;
  if (status !== 0 || stdout !== '' || stderr !== '')
    throw new Error(`${args.join(' ')}: ${status} ${stdout}${stderr}`);
  return took;
}

const hook = [csa, 'session', 'warm', 'hook'];
const kinds = {
  'node -e 0': () => milliseconds(['-e', '0']),
  'hook, a conversation that is not on': () => milliseconds(hook, event('PreToolUse', OTHER)),
  'hook that arms': () => milliseconds(hook, event('PreToolUse', ON)),
  'hook that cancels': () => milliseconds(hook, event('PostToolUse', ON)),
};

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

try {
  mkdirSync(env.XDG_STATE_HOME, { recursive: true });
  await switchOn();
  const times = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
  for (let i = 0; i <= runs; i += 1) {
    for (const [name, run] of Object.entries(kinds)) {
      const took = run();
      // The first round only fills the caches of the disk.
      if (i > 0) times[name].push(took);
    }
  }
  const floor = median(times['node -e 0']);
  for (const [name, all] of Object.entries(times)) {
    const middle = median(all);
    console.log(`${name.padEnd(38)} ${middle.toFixed(1).padStart(6)} ms  + ${(middle - floor).toFixed(1)} ms`);
  }
} finally {
  rmSync(world, { recursive: true });
}
