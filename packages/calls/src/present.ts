type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is not said: an absent property and one that is `undefined` are two things. */
export function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
