import type { BriefSource } from './source.ts';
import type { StoredBrief } from './stored-brief.ts';
import { isSameWatermark, type Watermark } from './watermark.ts';

export type Probe =
  | { readonly kind: 'changed' | 'unchanged'; readonly watermark: Watermark }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Whether what a brief says still is so: nothing has come or gone, and whoever it calls alive lives. Never throws. */
export async function probeSource(source: BriefSource, brief: StoredBrief | undefined): Promise<Probe> {
  try {
    const watermark = await source.watermark();
    const isUnchanged =
      brief !== undefined &&
      isSameWatermark(watermark, brief.sidecar.watermark) &&
      (await source.areAlive(brief.sidecar.alive));
    return { kind: isUnchanged ? 'unchanged' : 'changed', watermark };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
