import { reasonOf, refusalOf, temporaryDirectory } from '@csa/testkit';
import { beforeEach, expect, it } from 'vitest';
import { type StartWaitFlags, waitWish } from './wait-wish.ts';

let project: string;
beforeEach(() => {
  project = temporaryDirectory();
});

const wish = (flags: Partial<StartWaitFlags>, env: NodeJS.ProcessEnv = {}) =>
  waitWish(
    { wait: false, verbose: false, 'until-done': false, ...flags },
    { XDG_CONFIG_HOME: project, ...env },
    project,
  );

it('is none without --wait', () => {
  expect(wish({})).toBeUndefined();
  expect(wish({}, { CSA_WAIT_CAP: 'nonsense' })).toBeUndefined();
});

it.each<Partial<StartWaitFlags>>([
  { cap: '5s' },
  { timeout: '5s' },
  { 'until-done': true },
  { 'alive-exit-code': '75' },
  { 'model-provider': 'x' },
  { heartbeat: '5s' },
  { verbose: true },
])('is refused without --wait, and the flag named: %j', (flags) => {
  const refusal = refusalOf(() => wish(flags));
  expect(refusal.reason).toBe('usage');
  for (const word of [`--${Object.keys(flags)[0]}`, '--wait']) expect(refusal.message).toContain(word);
});

it('is what the same flags mean to a wait', () => {
  const settings = wish({ wait: true, cap: '50m', 'alive-exit-code': '75', heartbeat: '5s' });
  expect(settings).toMatchObject({
    cap: { capMs: 3_000_000, source: 'flag' },
    aliveExitCode: 75,
    trustResult: false,
    heartbeatMs: 5_000,
    repeatFlags: ['--cap', '50m', '--alive-exit-code', '75', '--heartbeat', '5s'],
  });
  expect(wish({ wait: true, 'until-done': true })?.cap).toMatchObject({ source: 'until-done' });
});

it.each<[Partial<StartWaitFlags>, NodeJS.ProcessEnv, string]>([
  [{ cap: '1s', 'until-done': true }, {}, 'usage'],
  [{ cap: 'soon' }, {}, 'bad-duration'],
  [{ 'alive-exit-code': '124' }, {}, 'bad-exit-code'],
  [{}, { CSA_WAIT_CAP: 'soon' }, 'bad-duration'],
])('is refused as a wait refuses it: %j %j', (flags, env, reason) => {
  expect(reasonOf(() => wish({ wait: true, ...flags }, env))).toBe(reason);
});
