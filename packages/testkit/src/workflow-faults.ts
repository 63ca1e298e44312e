/** What is read of a GitHub Actions workflow. */
export interface Workflow {
  readonly on?: unknown;
  readonly permissions?: Permissions;
  readonly jobs?: Readonly<Record<string, Job>>;
}

type Permissions = string | Readonly<Record<string, string>>;

interface Job {
  readonly permissions?: Permissions;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** What a workflow may call of the repository. */
export interface Callable {
  readonly scripts: readonly string[];
  /** whether a file of the repository is there */
  readonly exists: (path: string) => boolean;
}

/** A commit, a version, or an action of this repository: never a branch. */
const PINNED = /^(?:\.\/.*|[\w./-]+@(?:[0-9a-f]{40}|v\d+(?:\.\d+)*))$/;
/** What a stranger can word: a title, a branch, an input. */
const STRANGERS_WORDS = /\$\{\{[^}]*\b(?:github\.(?:event|head_ref|base_ref|ref_name)|inputs)\b/;

/** What is risky or broken about a workflow, one line each. */
export function workflowFaults(workflow: Workflow, callable: Callable): string[] {
  const jobs = Object.entries(workflow.jobs ?? {});
  return [
    ...triggerFaults(workflow.on),
    ...(grantsMore(workflow.permissions) ? ['the workflow as a whole may write: grant it to the job that does'] : []),
    ...(jobs.length === 0 ? ['there is no job'] : []),
    ...jobs.flatMap(([name, job]) => jobFaults(job, callable).map((fault) => `${name}: ${fault}`)),
  ];
}

/** `pull_request_target` and `workflow_run` give a stranger's code the rights of the repository. */
function triggerFaults(on: unknown): string[] {
  const names = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on ?? {});
  return names.filter((name) => /^(?:pull_request_target|workflow_run)$/.test(name)).map((name) => `runs on ${name}`);
}

/** Without any word about it the token may do what the repository's settings say. */
function grantsMore(permissions: Permissions | undefined): boolean {
  if (permissions === undefined) return true;
  if (typeof permissions === 'string') return permissions !== 'read-all';
  return Object.values(permissions).includes('write');
}

function jobFaults(job: Job, callable: Callable): string[] {
  const steps = job.steps ?? [];
  return [
    ...(job.permissions === 'write-all' ? ['may write everything'] : []),
    ...(job['timeout-minutes'] === undefined ? ['has no time limit'] : []),
    ...steps.flatMap((step) => [...usesFaults(step, job.permissions), ...runFaults(step.run ?? '', callable)]),
  ];
}

function usesFaults({ uses, with: input }: Step, permissions: Permissions | undefined): string[] {
  if (uses === undefined) return [];
  const keepsToken = uses.startsWith('actions/checkout@') && input?.['persist-credentials'] !== false;
  return [
    ...(PINNED.test(uses) ? [] : [`${uses} is not pinned`]),
    ...(keepsToken && grantsMore(permissions ?? {}) ? ['leaves a token that may write in the checkout'] : []),
  ];
}

function runFaults(run: string, { scripts, exists }: Callable): string[] {
  const called = Array.from(run.matchAll(/\bnpm (?:run )?([\w:-]+)/g), ([, name = '']) => name);
  const files = Array.from(run.matchAll(/\b(?:node|bash|sh) ((?:\.\/)?[\w./-]+\.\w+)/g), ([, path = '']) => path);
  return [
    ...(STRANGERS_WORDS.test(run) ? [`puts a stranger's words into a script: ${run.split('\n')[0]}`] : []),
    ...called.filter((name) => !NPM_WORDS.has(name) && !scripts.includes(name)).map((name) => `no script ${name}`),
    ...files.filter((path) => !exists(path)).map((path) => `no file ${path}`),
  ];
}

/** Words of npm's own. */
const NPM_WORDS = new Set(['ci', 'install', 'i', 'exec', 'pack', 'audit', 'view', 'config']);
