// What docs/contract.md and docs/json.md say, as far as a program can read them.
import { type Marker, parseMarkers } from '@csa/markers';
import { blocksOf, docPage } from './doc-page.ts';

/** What the page says of one marker. */
export interface MarkerEntry {
  readonly name: string;
  /** the attributes in order: of one session, and of several where that differs */
  readonly orders: ReadonlyArray<readonly string[]>;
  readonly examples: readonly string[];
}

export const CONTRACT: string = docPage('docs/contract.md');
export const DOCUMENTS: string = docPage('docs/json.md');

/** Every marker that the page has a section on. */
export function markerEntries(): MarkerEntry[] {
  const sections = CONTRACT.split(/^#{2,3} /m).filter((section) => /^`[A-Z_]+`\n/.test(section));
  return sections.map((section) => ({
    name: /`([A-Z_]+)`/.exec(section)?.[1] ?? '',
    orders: Array.from(section.matchAll(/^(?:In order|Of several sessions): ([^.]+?)\n\n/gm), ([, list = '']) =>
      Array.from(list.matchAll(/`([a-z_]+)`/g), ([, key = '']) => key),
    ),
    examples: blocksOf(section, 'html').flatMap((block) => block.trimEnd().split('\n')),
  }));
}

/** Whether a marker's attributes stand in the order that the page gives, and it names them all. */
export function isInOrder({ attributes }: Marker, { orders }: MarkerEntry): boolean {
  return orders.some((order) => {
    const places = [...attributes.keys()].map((key) => order.indexOf(key));
    return places.every((place, i) => place > (places[i - 1] ?? -1));
  });
}

/** A line without what differs from one run to the next. */
export function comparable(line: string): string {
  return line
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, 'ID')
    .replace(/\b(elapsed|idle)=\d+s/g, '$1=TIME')
    .replace(/\b(pid|survivor)=\d+/g, '$1=PID');
}

/** The one marker of a line. */
export function markerOf(line: string): Marker {
  const [marker, ...others] = parseMarkers(line);
  if (marker === undefined || others.length > 0) throw new Error(`not one marker: ${line}`);
  return marker;
}
