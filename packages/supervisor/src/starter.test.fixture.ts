// A program that starts a session as its one argument (JSON) says, and prints where it is.
import { start } from './index.ts';

const { session, supervisorPid } = await start(JSON.parse(process.argv[2] ?? ''));
process.stdout.write(`${supervisorPid} ${session.directory}\n`);
