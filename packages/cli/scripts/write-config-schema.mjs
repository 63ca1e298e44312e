// Writes schemas/config.schema.json from the built table of settings; run it, and the formatter, after a change there.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configSchema } from '../dist/config/config-schema.js';

const file = fileURLToPath(new URL('../schemas/config.schema.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(configSchema(), null, 2)}\n`);
