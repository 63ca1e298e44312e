// The page of one command, in Markdown, out of its definition in the manifest.

const BIN = 'csa';
const HEADING = /^[A-Z][A-Z' ]*[A-Z]$/;
const SCHEMA_NOTE = 'The form of its `--json` output is published in the package’s `schemas/`.';

/**
 * @param {object} command as oclif's manifest holds it
 * @returns {string} the page
 * @throws {Error} for a definition without exit codes or examples: a page would teach half of the command
 */
export function commandPage(command) {
  const name = `${BIN} ${command.id.replaceAll(':', ' ')}`;
  const { intro, sections } = readDescription(command.description ?? '');
  const exitCodes = sections.get('EXIT CODES');
  if (exitCodes === undefined) throw new Error(`${name}: its description has no EXIT CODES`);
  if (!command.examples?.length) throw new Error(`${name} has no examples`);
  sections.delete('EXIT CODES');
  const parts = [
    `# ${name}`,
    command.summary,
    ...intro,
    '## Interface',
    fenced(usages(command, name)),
    ...argumentRows(command),
    '## Exit codes',
    exitCodeTable(exitCodes, name),
    '## Options',
    optionTable(command),
    '## Examples',
    ...command.examples.map((example) => exampleBlock(example, command)),
    '## Notes',
    ...notes(command, sections),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Paragraphs before the first heading, and the lines below each heading, which stands alone in capitals. */
function readDescription(description) {
  const intro = [];
  const sections = new Map();
  let lines = intro;
  for (const line of description.split('\n')) {
    if (HEADING.test(line)) {
      lines = [];
      sections.set(line, lines);
    } else {
      lines.push(line);
    }
  }
  return { intro: paragraphs(intro), sections };
}

function paragraphs(lines) {
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(escapeText);
}

function usages({ usage: own, id, args, strict }, name) {
  if (own !== undefined) return [own].flat().map((line) => `${BIN} ${fill(line, id)}`);
  const words = shown(args).map((arg) => (arg.required ? arg.name.toUpperCase() : `[${arg.name.toUpperCase()}]`));
  return [[name, ...words, ...(strict ? [] : ['...']), '[FLAGS]'].join(' ')];
}

function argumentRows({ args }) {
  const rows = shown(args).map((arg) => [`\`${arg.name.toUpperCase()}\``, escapeCell(arg.description ?? '')]);
  return rows.length === 0 ? [] : [table([['Argument', 'Meaning'], ...rows])];
}

/** Lines of a code, or several, then two blanks and the meaning; a line that begins deeper goes on with the last. */
function exitCodeTable(lines, name) {
  const rows = [];
  for (const line of lines.filter((text) => text.trim() !== '')) {
    const [, codes, meaning] = /^ {2}(\d[\d -]*?) {2,}(\S.*)$/.exec(line) ?? [];
    if (codes !== undefined) rows.push([codes, escapeCell(meaning)]);
    else if (rows.length > 0) rows.at(-1)[1] += ` ${escapeCell(line.trim())}`;
    else throw new Error(`${name}: its EXIT CODES begin with ${JSON.stringify(line)}`);
  }
  return table([['Code', 'Meaning'], ...rows]);
}

function optionTable({ flags }) {
  const rows = shown(flags).map((flag) => [`\`${flagForm(flag)}\``, escapeCell(flagMeaning(flag))]);
  return rows.length === 0 ? 'None.' : table([['Option', 'Meaning'], ...rows]);
}

function flagForm({ name, char, type, helpValue, options }) {
  const value = options?.join('|') ?? [helpValue].flat()[0] ?? 'VALUE';
  const long = type === 'boolean' ? `--${name}` : `--${name} ${value}`;
  return char === undefined ? long : `-${char}, ${long}`;
}

function flagMeaning({ description, summary, default: fallback, multiple }) {
  const text = summary ?? description ?? '';
  const more = [
    multiple && !/repeat/.test(text) ? 'repeatable' : undefined,
    typeof fallback === 'string' && fallback !== '' ? `default: ${fallback}` : undefined,
  ].filter((part) => part !== undefined);
  return more.length === 0 ? text : `${text} (${more.join('; ')})`;
}

function exampleBlock(example, { id }) {
  const { description, command } = typeof example === 'string' ? { command: example } : example;
  const block = fenced([fill(command, id)], 'sh');
  return description === undefined ? block : `${escapeText(capital(description))}:\n\n${block}`;
}

function notes({ flags }, sections) {
  const blocks = Array.from(sections, ([heading, lines]) => [
    `### ${capital(heading.toLowerCase())}`,
    ...sectionBlocks(lines),
  ]).flat();
  return [...blocks, ...(flags?.json === undefined ? [] : [SCHEMA_NOTE]), 'See [all commands](README.md).'];
}

/** Indented lines are a list that is read as it stands; others are paragraphs. */
function sectionBlocks(lines) {
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== '')
    .map((text) => text.trimEnd())
    .map((text) => (text.startsWith('  ') ? fenced(text.split('\n').map((line) => line.slice(2))) : escapeText(text)));
}

/** What oclif's templates stand for. */
function fill(text, id) {
  return text.replaceAll('<%= config.bin %>', BIN).replaceAll('<%= command.id %>', id.replaceAll(':', ' ')).trim();
}

function shown(things) {
  return Object.values(things ?? {}).filter((thing) => !thing.hidden);
}

function table(rows) {
  const [header, ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return [header, `|${' --- |'.repeat(rows[0].length)}`, ...body].join('\n');
}

function fenced(lines, language = 'text') {
  return ['```'.concat(language), ...lines, '```'].join('\n');
}

function escapeText(text) {
  return text.replaceAll('<', '&lt;');
}

function escapeCell(text) {
  return escapeText(text).replaceAll('|', '\\|');
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
