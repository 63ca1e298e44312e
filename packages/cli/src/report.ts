/** What a command leaves behind: lines without their ends, standard error first, and the exit code. */
export interface Report {
  readonly exitCode: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The exit code says less than the lines do, so that losing them is a failure. */
  readonly needsOutput?: boolean;
  /** Called once the answer was written in full, and not where its reader went away or it was lost. Never throws. */
  readonly onShown?: () => void;
}

/** What a command was asked to show: its lines are the whole answer. */
export function answer(stdout: readonly string[], stderr: readonly string[] = []): Report {
  return { exitCode: 0, stdout, stderr, needsOutput: true };
}
