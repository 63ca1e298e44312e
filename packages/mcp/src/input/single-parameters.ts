import { described, type Parameter } from './parameter.ts';

export function text(description?: string): Parameter<string> {
  return {
    schema: { type: 'string', ...described(description) },
    expected: 'a string',
    read: (value) => (typeof value === 'string' ? value : undefined),
  };
}

/** A length of time as a word; a bare number, which many models write instead, is one of seconds. */
export function duration(description?: string): Parameter<string> {
  return {
    schema: { type: 'string', ...described(description) },
    expected: 'a duration such as "240s" or "5m"',
    read: (value) => (typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined),
  };
}

export function choice<const T extends string>(values: readonly T[], description?: string): Parameter<T> {
  return {
    schema: { type: 'string', ...described(description), enum: values },
    expected: `one of ${values.join(', ')}`,
    read: (value) => values.find((one) => one === value),
  };
}

export function whole({ min, max, description }: WholeBounds): Parameter<number> {
  return {
    schema: { type: 'integer', ...described(description), minimum: min, maximum: max },
    expected: `a whole number from ${min} to ${max}`,
    read: (value) => (Number.isInteger(value) && isWithin(value as number, min, max) ? (value as number) : undefined),
  };
}

interface WholeBounds {
  readonly min: number;
  readonly max: number;
  readonly description?: string;
}

export function flag(description?: string): Parameter<boolean> {
  return {
    schema: { type: 'boolean', ...described(description) },
    expected: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
