import { type RunResult, runCsa, type World } from '@csa/testkit';
import { expect } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';

/** One session of a document. */
export interface ToldSession {
  readonly id: string;
  readonly state: string;
  readonly status: string | null;
  readonly exit: number | null;
  readonly summary: string | null;
  readonly description: string;
  readonly cmd: string;
}

interface ToldProject {
  readonly project: string;
  readonly from: string;
  readonly age_ms: number | null;
  readonly text: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly sessions: readonly ToldSession[];
  readonly warming: ReadonlyArray<{ readonly session: string; readonly state: string }>;
  readonly next: { readonly cmd: string };
}

export interface BriefDocument {
  readonly projects: readonly ToldProject[];
  readonly refresh: Readonly<Record<string, unknown>> | null;
}

export function brief(world: World, ...args: string[]): Promise<RunResult> {
  return runCsa(['session', 'brief', ...args], { world });
}

/** A brief as its document, which is by its schema. */
export async function briefDocument(world: World, ...args: string[]): Promise<BriefDocument> {
  const { code, stdout, stderr } = await brief(world, '--json', ...args);
  expect(code, stderr).toBe(0);
  const document = JSON.parse(stdout);
  expect(faultsOf('session-brief', document)).toEqual([]);
  return document;
}

export async function toldProject(world: World, ...args: string[]): Promise<ToldProject> {
  const { projects } = await briefDocument(world, ...args);
  expect(projects).toHaveLength(1);
  return projects[0] as ToldProject;
}

/** The ids in a brief's text, in their order. */
export function idsIn(text: string): string[] {
  return Array.from(text.matchAll(/^- ([0-9A-Z]{26}),/gm), ([, id = '']) => id);
}

/** What a hook prints, and the words on its standard error. */
export async function hook(world: World, ...args: string[]): Promise<{ text: string; notes: string }> {
  const { code, stdout, stderr } = await brief(world, '--hook', '--verbose', ...args);
  expect(code).toBe(0);
  return { text: stdout, notes: stderr.trimEnd() };
}
