import { resolve } from 'node:path';
import type { ConfigFile } from '../wish.ts';
import { claudeFiles } from './claude.ts';
import { codexFiles } from './codex.ts';
import { cursorFiles } from './cursor.ts';
import { geminiFiles } from './gemini.ts';
import { opencodeFiles } from './opencode.ts';
import type { Homes, Place, Program } from './program.ts';

export const AGENTS = ['claude', 'codex', 'gemini', 'opencode', 'cursor'] as const;
export type Agent = (typeof AGENTS)[number];

const FILES: Readonly<Record<Agent, (program: Program, place: Place, homes: Homes) => ConfigFile[]>> = {
  claude: claudeFiles,
  codex: codexFiles,
  gemini: geminiFiles,
  opencode: opencodeFiles,
  cursor: cursorFiles,
};

/**
 * Which files of an agent get which entries. Pure, but for a look at which of opencode's files are there. The paths are
 * absolute, for they are remembered: a variable such as CODEX_HOME may be relative.
 */
export function agentFiles(agent: Agent, wish: { program: Program; place: Place; homes: Homes }): ConfigFile[] {
  const files = FILES[agent](wish.program, wish.place, wish.homes);
  return files.map((file) => ({ ...file, path: resolve(file.path) }));
}
