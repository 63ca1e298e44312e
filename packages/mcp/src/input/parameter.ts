/** What a JSON Schema says of one value, as far as the tools need it. */
export interface ValueSchema {
  readonly type: 'string' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: { readonly type: 'string' };
  readonly additionalProperties?: { readonly type: 'string' };
}

/** One argument of a tool: what is told of it, and how it is read. */
export interface Parameter<T> {
  readonly schema: ValueSchema;
  /** What is accepted, in words. */
  readonly expected: string;
  /** `undefined`: it is nothing of that kind. */
  readonly read: (value: unknown) => T | undefined;
  readonly isRequired?: boolean;
}

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

export function words({ min = 1, max, description }: WordsBounds): Parameter<readonly string[]> {
  return {
    schema: {
      type: 'array',
      ...described(description),
      items: { type: 'string' },
      minItems: min,
      ...(max === undefined ? {} : { maxItems: max }),
    },
    expected: `an array of ${max === undefined ? `at least ${min}` : `${min} to ${max}`} strings`,
    read: (value) => {
      const isFit = isTexts(value) && value.length >= min && value.length <= (max ?? Number.POSITIVE_INFINITY);
      return isFit ? value : undefined;
    },
  };
}

interface WordsBounds {
  readonly min?: number;
  readonly max?: number;
  readonly description?: string;
}

export function pairs(description?: string): Parameter<Readonly<Record<string, string>>> {
  return {
    schema: { type: 'object', ...described(description), additionalProperties: { type: 'string' } },
    expected: 'an object whose values are strings',
    read: (value) => (isRecord(value) && isTexts(Object.values(value)) ? (value as Record<string, string>) : undefined),
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

export function required<T>(parameter: Parameter<T>): Parameter<T> & { readonly isRequired: true } {
  return { ...parameter, isRequired: true };
}

function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isWithin(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
