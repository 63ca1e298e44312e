/** The offset behind white space and comments. */
export function skipTrivia(text: string, from: number): number {
  const trivia = /(?:[\s\uFEFF]+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)*/y;
  trivia.lastIndex = from;
  trivia.exec(text);
  return trivia.lastIndex;
}

/** The end of a line on which nothing but white space and comments follow; `undefined` where more does. */
export function endOfQuietLine(text: string, from: number): number | undefined {
  const rest = /(?:[ \t]+|\/\*(?:[^*\n\r]|\*(?!\/))*\*\/)*(?:\/\/[^\n\r]*)?(?=\r?\n|$)/y;
  rest.lastIndex = from;
  return rest.exec(text) === null ? undefined : rest.lastIndex;
}
