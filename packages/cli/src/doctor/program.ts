import { foundInFreshShell } from '@csa/calls';
import { type Finding, findingsOf } from './finding.ts';

/** Which program this is, and what a fresh shell would run. */
export interface ProgramFacts {
  readonly version: string;
  readonly node: string;
  readonly execPath: string;
  readonly platform: string;
  /** The words of a hint: `csa` alone where a fresh shell finds this very program and Node. */
  readonly words: readonly string[];
  /** What a fresh shell runs under these names. */
  readonly foundCsa: string | undefined;
  readonly foundNode: string | undefined;
  readonly nodeOptions: string | undefined;
  readonly extraCertificates: string | undefined;
}

/** The newest major version that this program was tested with. */
const NEWEST_TESTED = 24;
const { ok, note, warning } = findingsOf('program');

export function programFacts(version: string, words: readonly string[], env: NodeJS.ProcessEnv): ProgramFacts {
  return {
    version,
    node: process.versions.node,
    execPath: process.execPath,
    platform: `${process.platform} ${process.arch}`,
    words,
    foundCsa: foundInFreshShell('csa', env),
    foundNode: foundInFreshShell('node', env),
    nodeOptions: env['NODE_OPTIONS'],
    extraCertificates: env['NODE_EXTRA_CA_CERTS'],
  };
}

/** bin/csa.js refuses a Node that is too old before this could be asked. */
export function judgeProgram(facts: ProgramFacts): Finding[] {
  return [
    ok(`csa ${facts.version} on ${facts.platform}`),
    judgeNode(facts),
    judgeSearchPath(facts),
    ...(facts.nodeOptions
      ? [note('NODE_OPTIONS is set: every csa starts with it, which may make it slow', 'Unset it')]
      : []),
    ...(facts.extraCertificates
      ? [note('NODE_EXTRA_CA_CERTS is set: some versions of Node read it at every start', 'Unset it for csa')]
      : []),
  ];
}

function judgeNode({ node, execPath }: ProgramFacts): Finding {
  const isNewer = Number(node.split('.')[0]) > NEWEST_TESTED;
  const said = `Node.js ${node} (${execPath})`;
  return isNewer ? note(`${said}: newer than ${NEWEST_TESTED}, the newest that csa was tested with`) : ok(said);
}

function judgeSearchPath({ words, foundCsa, foundNode }: ProgramFacts): Finding {
  if (words.length === 1) return ok(`a fresh shell finds this csa (${foundCsa ?? 'csa'})`);
  const hints = 'commands in hints begin with the absolute paths of Node and csa';
  if (foundCsa === undefined)
    return note(`a fresh shell finds no csa: ${hints}`, 'Put its directory on PATH to type "csa"');
  return warning(
    `a fresh shell finds ${foundCsa} and ${foundNode ?? 'no node'}, which are not both the ones that run now: ${hints}`,
    'Put the directories of this csa and of its Node first on PATH',
  );
}
