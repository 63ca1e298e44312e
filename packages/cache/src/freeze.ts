/** Frozen by us to the bottom: what grows by a line is not walked through again. */
const frozen = new WeakSet<object>();

/**
 * Freezes a value and all that it holds: plain objects, the elements of arrays, and Maps and Sets, whose methods that
 * change them throw from then on.
 * @throws TypeError for what cannot be kept from changing: functions, accessors, and objects of any other kind
 */
export function deepFreeze<T>(value: T): T {
  const found: object[] = [];
  const visit = (part: unknown): void => {
    if (typeof part === 'function') throw unfreezable('a function');
    if (typeof part !== 'object' || part === null || frozen.has(part)) return;
    frozen.add(part);
    found.push(part);
  };
  try {
    visit(value);
    // It grows meanwhile: no depth of nesting is too much.
    for (const part of found) freezeOne(part, visit);
  } catch (error) {
    for (const part of found) frozen.delete(part);
    throw error;
  }
  return value;
}

function freezeOne(part: object, visit: (part: unknown) => void): void {
  if (Array.isArray(part) && isOnly(part, Array)) for (const element of part) visit(element);
  else if (part instanceof Map && isOnly(part, Map)) freezeMap(part, visit);
  else if (part instanceof Set && isOnly(part, Set)) freezeSet(part, visit);
  else if (isPlain(part)) for (const key of Reflect.ownKeys(part)) visit(valueAt(part, key));
  else throw unfreezable(Object.prototype.toString.call(part));
  Object.freeze(part);
}

function freezeMap(map: Map<unknown, unknown>, visit: (part: unknown) => void): void {
  for (const [key, value] of map) {
    visit(key);
    visit(value);
  }
  forbid(map, ['set', 'delete', 'clear']);
}

function freezeSet(set: Set<unknown>, visit: (part: unknown) => void): void {
  for (const element of set) visit(element);
  forbid(set, ['add', 'delete', 'clear']);
}

function forbid(collection: object, methods: readonly string[]): void {
  const value = (): never => {
    throw new TypeError('This value is shared by all readers of a cache: it cannot be changed');
  };
  for (const method of methods) Object.defineProperty(collection, method, { value });
}

function valueAt(part: object, key: PropertyKey): unknown {
  const property = Object.getOwnPropertyDescriptor(part, key);
  if (property?.get !== undefined || property?.set !== undefined) throw unfreezable('an accessor');
  return property?.value;
}

function isPlain(part: object): boolean {
  const prototype = Object.getPrototypeOf(part);
  return prototype === null || prototype === Object.prototype;
}

function isOnly(part: object, { prototype }: { prototype: object }): boolean {
  return Object.getPrototypeOf(part) === prototype;
}

function unfreezable(what: string): TypeError {
  return new TypeError(`A cached value holds ${what}, which cannot be kept from changing`);
}
