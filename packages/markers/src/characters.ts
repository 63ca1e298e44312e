/**
 * Sets of characters, each the inside of a character class for a regular expression with the `u` flag. They are written
 * as escapes, so that the source itself stays printable.
 */

/** C0, DEL and C1, and the two that end a line in some readers only (U+2028, U+2029). */
export const CONTROLS: string = String.raw`\u0000-\u001f\u007f-\u009f\u2028\u2029`;

/** The controls that are no white space: all but TAB, LF, VT, FF and CR. */
export const BLACK_CONTROLS: string = String.raw`\u0000-\u0008\u000e-\u001f\u007f-\u009f\u2028\u2029`;

/**
 * What takes no place on a screen but changes how the rest is read: bidirectional controls (UAX #9), zero-width
 * characters, the byte order mark and the invisible copies of ASCII (U+E0000-E007F).
 */
export const INVISIBLE: string = String.raw`\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}`;

/** CSI in 7 bits, whole: what most programs that strip colours take out, and all that they do. */
export const COLOUR_SEQUENCE: string = String.raw`\u001b\[[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]`;

/** CSI, 7 and 8 bit: parameters, intermediates, final. */
export const CSI_SEQUENCE: string = String.raw`(?:\u001b\[|\u009b)[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]?`;

/** An escape sequence as ECMA-48 has it, 7 and 8 bit; one that is cut off counts as far as it goes. */
export const ESCAPE_SEQUENCE: string = [
  // OSC, DCS, SOS, PM, APC with their text, when it ends as it must: one without an end would hide all that follows.
  String.raw`(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^${CONTROLS}]*(?:\u0007|\u001b\\|\u009c)`,
  CSI_SEQUENCE,
  // all others
  String.raw`\u001b[\u0020-\u002f]*[\u0030-\u007e]?`,
].join('|');
