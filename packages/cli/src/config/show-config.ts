import { type Candidate, type ConfigFile, type Origin, placeIn, type UnknownKey } from '@csa/calls/config';
import { cleanLine } from '@csa/markers';
import { formatTable } from '../table.ts';
import { type CapHere, describeCap } from '../wait/describe-cap.ts';
import type { EffectiveConfig, Setting } from './effective.ts';
import { safeValue, shownValue } from './shown-value.ts';

export interface ShowForm {
  /** Tell where each value comes from. */
  readonly origin: boolean;
  /** Show commands whole. */
  readonly reveal: boolean;
  /** How long a wait from here would last. */
  readonly cap: CapHere;
}

const MAX_FOREIGN = 40;

/** The configuration as lines for people. */
export function configLines(config: EffectiveConfig, { origin, reveal, cap }: ShowForm): string[] {
  const header = origin ? [['KEY', 'VALUE', 'FROM', 'INSTEAD OF']] : [['KEY', 'VALUE']];
  const rows = config.settings.map((setting) => {
    const row = [clean(setting.key), shownValue(setting.value, setting.shown, reveal)];
    return origin ? [...row, describeOrigin(setting.origin), describeOthers(setting, reveal)] : row;
  });
  const notes = config.foreign.map(
    ({ path, keys }) => `${clean(path)}: not known to this program: ${foreignNames(keys)}`,
  );
  return [
    ...formatTable([...header, ...rows]),
    '',
    `cap of a wait from here: ${clean(describeCap(cap))}`,
    '',
    ...formatTable([['FILE', 'STATE', 'PATH'], ...config.files.map(fileRow)]),
    ...section('WARNINGS', config.warnings.map(clean)),
    ...section('NOTES', notes),
  ];
}

/** The same as one document, `csa.config/1`. */
export function configDocument(config: EffectiveConfig, { reveal, cap }: Omit<ShowForm, 'origin'>): object {
  return {
    schema: 'csa.config/1',
    values: config.settings.map(({ key, value, shown, origin, others }) => ({
      key: clean(key),
      value: safeValue(value, shown, reveal),
      origin: originFields(origin),
      instead_of: others.map((other) => ({
        value: other.kind === 'usable' ? safeValue(other.value, shown, reveal) : null,
        origin: originFields(other.origin),
        trouble: other.kind === 'usable' ? null : clean(other.why),
      })),
    })),
    cap: capFields(cap),
    files: config.files.map((file) => ({
      scope: file.scope,
      path: 'path' in file ? clean(file.path) : null,
      state: file.state,
      why: 'why' in file ? clean(file.why) : null,
    })),
    warnings: config.warnings.map(clean),
    unknown: config.foreign.flatMap(({ path, keys }) =>
      keys.slice(0, MAX_FOREIGN).map(({ key, line }) => ({ path: clean(path), key, line: line ?? null })),
    ),
  };
}

function capFields(here: CapHere): object {
  if (here.kind === 'refused') return { ms: null, source: null, lowered_from_ms: null, trouble: clean(here.why) };
  const { capMs, source, lowered } = here.cap;
  return { ms: capMs ?? null, source, lowered_from_ms: lowered?.fullCapMs ?? null, trouble: null };
}

/** The keys that are not ours, as one bounded phrase. */
export function foreignNames(keys: readonly UnknownKey[]): string {
  const rest = keys.length - MAX_FOREIGN;
  const names = keys.slice(0, MAX_FOREIGN).map(({ key }) => key);
  return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function describeOthers({ others, shown }: Setting, reveal: boolean): string {
  return others.map((other) => `${describeSaid(other, shown, reveal)} (${describeOrigin(other.origin)})`).join(', ');
}

function describeSaid(other: Candidate<unknown>, shown: Setting['shown'], reveal: boolean): string {
  return other.kind === 'usable' ? shownValue(other.value, shown, reveal) : `unusable ${clean(other.given)}`;
}

function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'environment':
      return origin.variable;
    case 'default':
      return 'default';
    default:
      return clean(placeIn(origin, origin.line));
  }
}

function originFields(origin: Origin): object {
  return {
    kind: origin.kind,
    variable: origin.kind === 'environment' ? origin.variable : null,
    path: 'path' in origin ? clean(origin.path) : null,
    line: 'line' in origin ? (origin.line ?? null) : null,
  };
}

function fileRow(file: ConfigFile): string[] {
  const words = { read: 'read', absent: 'not there', unusable: 'unusable', nowhere: 'not looked for' };
  return [file.scope, words[file.state], 'path' in file ? clean(file.path) : clean(file.why)];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function clean(text: string): string {
  return cleanLine(text, 1_000);
}
