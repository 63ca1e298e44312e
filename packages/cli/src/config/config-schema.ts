import { CONFIG_KEYS, type ConfigKey, OLDER_KEYS } from '@csa/calls/config';

/** The JSON Schema of config.toml, for editors. Other tables are the older program's; in ours a wrong name is a fault. */
export function configSchema(): object {
  const tables = [...new Set(CONFIG_KEYS.map(({ table }) => table))];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'csa.config-file/1',
    title: 'csa config.toml',
    description: "The user's config.toml and a project's .csa/config.toml, as far as csa reads them.",
    type: 'object',
    properties: Object.fromEntries(tables.map((table) => [table, tableSchema(table)])),
  };
}

function tableSchema(table: string): object {
  const ours = CONFIG_KEYS.filter((key) => key.table === table).map((key) => [key.name, keySchema(key)]);
  const older = (OLDER_KEYS.get(table) ?? []).map((name) => [
    name,
    { description: 'Read by the older program alone.' },
  ]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries([...ours, ...older]) };
}

function keySchema({ description, fallback, form, holds }: ConfigKey): object {
  if (holds === 'map') return { description, type: 'object', additionalProperties: form.schema };
  return { description, ...form.schema, ...(fallback === undefined ? {} : { default: fallback }) };
}
