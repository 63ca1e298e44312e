/** opencode has no hook at the start of a conversation: a plugin adds the brief to the first message of each. */
export function opencodePlugin(command: readonly string[]): string {
  const [program, ...args] = command;
  return `// Written by "csa setup opencode"; "csa setup opencode --undo" removes it.
import { execFile } from 'node:child_process';

const PROGRAM = ${JSON.stringify(program)};
const ARGS = ${JSON.stringify(args)};

/** The brief, or nothing: no conversation fails because of it. */
function brief(cwd) {
  return new Promise((resolve) => {
    const child = execFile(PROGRAM, ARGS, { cwd, timeout: 15000 }, (error, stdout) => resolve(error ? '' : stdout.trim()));
    child.stdin?.end();
  });
}

export const CsaBrief = async ({ directory }) => {
  const told = new Set();
  return {
    event: async ({ event }) => {
      if (event.type === 'session.compacted') told.delete(event.properties.sessionID);
    },
    'chat.message': async ({ sessionID }, { message, parts }) => {
      if (told.has(sessionID)) return;
      told.add(sessionID);
      const text = await brief(directory);
      if (text === '') return;
      const id = \`prt_\${message.id.slice('msg_'.length)}csa\`;
      parts.push({ id, sessionID, messageID: message.id, type: 'text', text, synthetic: true });
    },
  };
};
`;
}
