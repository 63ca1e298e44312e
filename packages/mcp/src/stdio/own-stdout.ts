import { Writable } from 'node:stream';

/**
 * Takes standard output for the protocol alone: whatever else this process prints there, by `console.log` or otherwise,
 * goes to standard error from now on.
 */
export function ownStdout(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Writable {
  const write = stdout.write.bind(stdout);
  // A client need not read what is said there.
  stderr.on('error', () => {});
  const own = new Writable({
    decodeStrings: true,
    write: (chunk, _encoding, done) => void write(chunk, done),
  });
  // What cannot be written is told to whoever writes, and by the stream itself.
  stdout.on('error', (error) => own.destroy(error));
  stdout.write = stderr.write.bind(stderr);
  return own;
}
