import { described, type Parameter } from './parameter.ts';
import { isRecord } from './record.ts';

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

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
