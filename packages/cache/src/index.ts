export type { CacheOptions } from './cache-options.ts';
export { type CacheStats, FileCache } from './file-cache.ts';
export type { Reached } from './kept.ts';
export type { LineFold, LineReader } from './line-reader.ts';
export type { Shelf, Shelving } from './shelf.ts';
export { isSameFile, isValidator, type Validator, validatorOf } from './validator.ts';
