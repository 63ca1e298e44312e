/**
 * A page's transcript as a pattern: a line that is nothing but … stands for any lines, and … within a line for any text
 * in it. What differs from one run to the next may differ.
 */
export function patternOf(transcript: string): RegExp {
  const lines = comparable(transcript).trim().split('\n');
  const patterns = lines.map((line) => (line === '…' ? '(?:[\\s\\S]*\\n)?' : `${linePattern(line)}\\n`));
  return new RegExp(`^${patterns.join('')}$`);
}

/** Without what differs from one run to the next, each thing replaced by a word for it. */
export function comparable(transcript: string): string {
  const plain = transcript
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, 'ID')
    .replace(/\d+(?:\.\d+)?(?= seconds)/g, 'N')
    .replace(/(?<=session ID |"session_id":)\d+/g, 'N')
    .replace(/\b(?:\d+m )?\d+s\b/g, 'TIME');
  return `${plain.trim()}\n`;
}

function linePattern(line: string): string {
  return line
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*?');
}
