/** The part of JSON Schema that the published schemas use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
}

const KNOWN = new Set(
  'type const enum minimum maximum required properties additionalProperties description title $schema $id'.split(' '),
);

/** What is wrong with a value, one line each. @throws Error for a schema that says more than is understood here */
export function faultsOf(schema: Schema, value: unknown, place = ''): string[] {
  const strange = Object.keys(schema).find((key) => !KNOWN.has(key));
  if (strange !== undefined) throw new Error(`${strange} is not understood`);
  const faults: string[] = [];
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) faults.push(`${place} is no ${types.join(' or ')}`);
  if ('const' in schema && value !== schema.const) faults.push(`${place} is not ${schema.const}`);
  if (schema.enum !== undefined && !schema.enum.includes(value)) faults.push(`${place} is not one of the list`);
  if (typeof value === 'number' && value < (schema.minimum ?? value)) faults.push(`${place} is too small`);
  if (typeof value === 'number' && value > (schema.maximum ?? value)) faults.push(`${place} is too large`);
  return isOf('object', value) ? [...faults, ...fieldFaults(schema, value as object, place)] : faults;
}

function fieldFaults({ required = [], properties = {}, additionalProperties }: Schema, value: object, place: string) {
  const inside = place === '' ? '' : `${place}.`;
  const faults = required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${inside}${key} is missing`);
  for (const [key, field] of Object.entries(value)) {
    const schema = properties[key];
    if (schema !== undefined) faults.push(...faultsOf(schema, field, `${inside}${key}`));
    else if (additionalProperties === false) faults.push(`${inside}${key} is not foreseen`);
  }
  return faults;
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
