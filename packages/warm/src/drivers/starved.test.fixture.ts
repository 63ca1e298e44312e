// Uses up its descriptors, and then does what a driver does: prints what came of a program and of a capture file.
import { closeSync, openSync } from 'node:fs';
import { readCapture } from './capture-file.ts';
import { runProgram } from './program.ts';

const [capture = ''] = process.argv.slice(2);
const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  // EMFILE: none is left.
}
const program = { argv: ['true'], cwd: '/', env: { PATH: process.env['PATH'] }, timeoutMs: 60_000 };
const reading = readCapture(capture);
const end = await runProgram(program, new AbortController().signal);
for (const fd of taken) closeSync(fd);
console.log(JSON.stringify({ end, reading }));
