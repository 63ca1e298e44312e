export type { BriefContent, BriefSession, BriefWarming } from './content.ts';
export { type BriefPlaces, briefPlaces } from './places.ts';
export type { BriefSource } from './source.ts';
export { type SkipReason, TRIGGERS, type Trigger } from './trigger.ts';
export { isSameWatermark, type Watermark } from './watermark.ts';
