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

export function required<T>(parameter: Parameter<T>): Parameter<T> & { readonly isRequired: true } {
  return { ...parameter, isRequired: true };
}

/** What a schema says besides. */
export function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}
