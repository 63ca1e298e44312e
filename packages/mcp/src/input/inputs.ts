import { cleanLine } from '@csa/markers';
import { Refusal } from '@csa/session';
import type { Parameter, ValueSchema } from './parameter.ts';
import { isRecord } from './record.ts';

/** The arguments of one tool, by their names. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What a tool is called with, once it has been read. */
export type InputOf<P extends Parameters> = {
  readonly [K in keyof P as P[K] extends { isRequired: true } ? K : never]: ValueOf<P[K]>;
} & { readonly [K in keyof P as P[K] extends { isRequired: true } ? never : K]?: ValueOf<P[K]> | undefined };

type ValueOf<P> = P extends Parameter<infer T> ? T : never;

/** The JSON Schema of a tool's arguments. */
export interface InputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

const MAX_SHOWN_BYTES = 120;

export function inputSchema(parameters: Parameters): InputSchema {
  const required = requiredNames(parameters);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(parameters).map(([name, { schema }]) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/**
 * Reads what a client sent, by the schema that it was told.
 * @throws Refusal reason=bad-arguments
 */
export function readInput<P extends Parameters>(tool: string, parameters: P, given: unknown): InputOf<P> {
  const input = given ?? {};
  if (!isRecord(input)) {
    throw bad(tool, { what: 'its arguments are no object', expected: 'an object', got: kindOf(input) });
  }
  refuseUnknown(tool, parameters, Object.keys(input));
  const read: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value !== undefined) read[name] = readValue(tool, name, { parameter, value });
    else if (parameter.isRequired) {
      throw bad(tool, { what: `${name} is missing`, expected: parameter.expected, got: 'nothing' });
    }
  }
  return read as InputOf<P>;
}

function readValue(
  tool: string,
  name: string,
  { parameter, value }: { readonly parameter: Parameter<unknown>; readonly value: unknown },
): unknown {
  const read = parameter.read(value);
  if (read !== undefined) return read;
  throw bad(tool, { what: `${name} cannot be used`, expected: parameter.expected, got: shown(value) });
}

function refuseUnknown(tool: string, parameters: Parameters, names: readonly string[]): void {
  const unknown = names.filter((name) => !Object.hasOwn(parameters, name));
  if (unknown.length === 0) return;
  const known = Object.keys(parameters);
  throw bad(tool, {
    what: `it knows no ${cleanLine(unknown.join(', '), MAX_SHOWN_BYTES)}`,
    expected: known.length === 0 ? 'no arguments' : `only ${known.join(', ')}`,
    got: unknown.length === 1 ? 'one more' : `${unknown.length} more`,
  });
}

function bad(
  tool: string,
  detail: { readonly what: string; readonly expected: string; readonly got: string },
): Refusal {
  const { what, ...facts } = detail;
  return new Refusal({
    reason: 'bad-arguments',
    what: `${tool} was called wrongly: ${what}`,
    ...facts,
    next: `Call ${tool} again with arguments as its schema says; nothing has been done`,
  });
}

function requiredNames(parameters: Parameters): string[] {
  return Object.keys(parameters).filter((name) => parameters[name]?.isRequired);
}

function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return cleanLine(JSON.stringify(value), MAX_SHOWN_BYTES);
  }
  const kind = Array.isArray(value) ? `an array of ${value.length}` : kindOf(value);
  const odd = Object.entries(value ?? {}).find(([, one]) => typeof one !== 'string');
  return odd === undefined ? kind : `${kind} with ${kindOf(odd[1])} at ${cleanLine(odd[0], MAX_SHOWN_BYTES)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
