import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanText } from './clean.ts';
import { defangMarkers } from './defang.ts';
import { hostileText } from './hostile-text.test.data.ts';
import { parseMarkers } from './marker.ts';

const OPENING = /<!--\s*CSA:/i;

it.each<[string, string]>([
  ['<!-- CSA:A k=1 -->', '<!- - CSA:A k=1 -->'],
  ['a <!--CSA:A --> b <!-- \t csa:B -->', 'a <!- -CSA:A --> b <!- - \t csa:B -->'],
  ['<!--\nCSA:A -->', '<!- -\nCSA:A -->'],
  ['<!\u0000--\u200b C\u0007SA:A -->', '<!- - CSA:A -->'],
  ['<\n!-- CSA:A -->', '<!- - CSA:A -->'],
  ['<!-\u001b[31m- \u001b]0;t\u0007CSA:A', '<!- - CSA:A'],
  ['\u001b<!-- CSA:A', '\u001b<!- - CSA:A'],
  ['\u001b[1mwords\u001b[0m <!-- CSA -->', '\u001b[1mwords\u001b[0m <!-- CSA -->'],
  ['<!-- words -->', '<!-- words -->'],
])('%j becomes %j', (text, harmless) => {
  expect(defangMarkers(text)).toBe(harmless);
});

it('leaves nothing that begins a marker, for a reader that drops controls and for one that drops sequences', () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const harmless = defangMarkers(text);
      const withoutControls = harmless.replace(/\p{Cc}/gu, '');
      const withoutSequences = harmless.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(/(?![\n\t])\p{Cc}/gu, '');
      for (const reading of [harmless, withoutControls, cleanText(harmless)]) {
        expect(reading).not.toMatch(OPENING);
        expect(parseMarkers(reading)).toEqual([]);
      }
      expect(parseMarkers(withoutSequences)).toEqual([]);
      expect(defangMarkers(harmless)).toBe(harmless);
    }),
    { numRuns: 20_000 },
  );
});
