export { cleanLine, cleanText, lastCleanLine, truncateUtf8 } from './clean.ts';
export { formatCommand, isPrintableWord } from './command-line.ts';
export { defangMarkers } from './defang.ts';
export { inertLine } from './inert-line.ts';
export { type AttributeValue, formatMarker, type Marker, parseMarkers } from './marker.ts';
