export { type Asked, type Candidate, candidatesOf, type Origin, placeIn } from './candidates.ts';
export { type ConfigFile, type ConfigPlaces, readConfigFiles } from './config-file.ts';
export type { ConfigKey } from './config-key.ts';
export { candidateWarnings, fileWarnings } from './file-warnings.ts';
export { CONFIG_KEYS, keyPath } from './keys.ts';
export { OLDER_KEYS } from './older-program.ts';
export { type UnknownKey, unknownKeys } from './unknown-keys.ts';
export { entriesOf } from './wait-config.ts';
export { type WarmConfig, warmConfig } from './warm-config.ts';
