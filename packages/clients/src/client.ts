import type { Move } from './turn.ts';

/** How a shell tool is asked to run one line; what a client does not know is left out. */
export interface ShellWishes {
  /** Milliseconds after which the tool ends the command, or lets go of it. */
  readonly timeoutMs?: number;
  readonly inBackground?: boolean;
}

/** One real agent client, and how it is made to speak with a model of ours without asking anybody anything. */
export interface Client {
  /** As `csa setup` names it. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** The program that the package brings. */
  readonly program: string;
  /** Files below HOME, for a model at this URL. */
  files(model: string): Readonly<Record<string, string>>;
  environment(model: string): Readonly<Record<string, string>>;
  /** @param hasServer whether the MCP server `csa` is in its configuration, and to be there in the first turn */
  arguments(prompt: string, hasServer: boolean): readonly string[];
  shell(line: string, wishes?: ShellWishes): Move;
  /** A tool of the MCP server `csa`, by the name under which the model calls it. */
  tool(name: string): string;
}

/** The servers' addresses that never go through a proxy. */
export const LOOPBACK = '127.0.0.1,localhost';
