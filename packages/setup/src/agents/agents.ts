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

/** Which files of an agent get which entries. Pure, but for a look at which of opencode's files are there. */
export function agentFiles(agent: Agent, wish: { program: Program; place: Place; homes: Homes }): ConfigFile[] {
  return FILES[agent](wish.program, wish.place, wish.homes);
}
