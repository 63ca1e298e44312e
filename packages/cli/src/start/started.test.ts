import { Hints } from '@csa/calls';
import { type WaitFlags, waitSettings } from '@csa/calls/settings';
import { type Marker, parseMarkers } from '@csa/markers';
import type { LookupScope, Session, SessionId } from '@csa/session';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { type StartStory, startedReport, startedWords } from './started.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5' as SessionId;
const session: Session = { id: ID, directory: `/state/${ID}`, device: 1n, inode: 2n, owner: 0 };
const scope = { project: '/project', roots: { isDefault: true } } as LookupScope;

function story(more: Partial<StartStory> = {}): StartStory {
  const env = { HOME: '/nowhere' };
  return {
    started: { session, supervisorPid: 7 },
    scope,
    hints: new Hints(['csa']),
    env,
    json: false,
    warnings: [],
    ...more,
  };
}

it('is the id alone on stdout, and on stderr how to go on', () => {
  expect(startedReport(story())).toEqual({
    exitCode: 0,
    needsOutput: true,
    stdout: [ID],
    stderr: [
      `Session ${ID} started. Wait for it: csa session wait ${ID}`,
      `<!-- CSA:SESSION_STARTED id=${ID} pid=7 dir=/state/${ID} wait_cmd="csa session wait ${ID}" tool_timeout_ms=250000 stop_cmd="csa session stop ${ID}" -->`,
    ],
  });
});

describe('as JSON', () => {
  it('is one document on stdout, and words for people without a marker on stderr', () => {
    const { stdout, stderr } = startedReport(story({ json: true }));
    expect(stdout).toHaveLength(1);
    const document: unknown = JSON.parse(stdout[0] ?? '');
    expect(document).toEqual({
      schema: 'csa.session-start/1',
      session: ID,
      directory: `/state/${ID}`,
      supervisor_pid: 7,
      wait_cmd: `csa session wait ${ID} --json`,
      tool_timeout_ms: 250_000,
      stop_cmd: `csa session stop ${ID} --json`,
    });
    expect(faultsOf('session-start', document)).toEqual([]);
    expect([stderr.length, parseMarkers(stderr.join('\n'))]).toEqual([1, []]);
  });

  it('has every field also where a wait has no cap, and none where its settings are wrong', () => {
    for (const env of [{ CI: 'true' }, { CSA_WAIT_CAP: 'nonsense' }]) {
      const document = JSON.parse(startedReport(story({ json: true, env })).stdout[0] ?? '');
      expect(document).toMatchObject({ tool_timeout_ms: null });
      expect(faultsOf('session-start', document)).toEqual([]);
    }
  });
});

describe('where the program itself waits', () => {
  const settingsOf = (flags: Partial<WaitFlags>) =>
    waitSettings({ 'until-done': false, 'trust-result': false, ...flags }, { HOME: '/nowhere' }, '/project');

  it('says so, and the marker has the same wait once more, with the time that it takes', () => {
    const settings = settingsOf({ cap: '50m', 'alive-exit-code': '75' });
    const [words, marker] = startedWords(story({ settings }));
    expect(words).toBe(`Session ${ID} started; waiting for it.`);
    const { attributes } = parseMarkers(marker ?? '')[0] as Marker;
    expect(attributes.get('wait_cmd')).toBe(`csa session wait ${ID} --cap 50m --alive-exit-code 75`);
    expect(attributes.get('tool_timeout_ms')).toBe(String(50 * 60_000 + 10_000));
  });

  it('repeats no quick look', () => {
    const { attributes } = parseMarkers(
      startedWords(story({ settings: settingsOf({ cap: '1s' }) }))[1] ?? '',
    )[0] as Marker;
    expect([attributes.get('wait_cmd'), attributes.get('tool_timeout_ms')]).toEqual([
      `csa session wait ${ID}`,
      '250000',
    ]);
  });
});

it('leaves out a directory that a marker cannot carry', () => {
  const started = { session: { ...session, directory: `/a\nb/${ID}` }, supervisorPid: 7 };
  const { stderr } = startedReport(story({ started }));
  expect(parseMarkers(stderr.join('\n'))[0]?.attributes.has('dir')).toBe(false);
});
