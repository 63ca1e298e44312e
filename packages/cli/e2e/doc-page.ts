// A page of docs/, and what its reader would type or paste.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from './published-packages.ts';

/** @param path from the root of the workspace */
export function docPage(path: string): string {
  return readFileSync(join(WORKSPACE, path), 'utf8');
}

/** The fenced blocks of a language. */
export function blocksOf(page: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return Array.from(page.matchAll(fence), ([, block = '']) => block);
}
