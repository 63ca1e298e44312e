import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is wrong with a document by a schema that the package publishes, one line each. `name`: `session-wait`. */
export function faultsOf(name: string, document: unknown): string[] {
  const file = fileURLToPath(new URL(`../schemas/${name}.schema.json`, import.meta.url));
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')),
  );
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}
