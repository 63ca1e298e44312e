import type { BriefPlaces } from '@csa/brief';
import { surveySessions } from '../list/survey.ts';
export async function refreshProject(places: BriefPlaces, wish: any): Promise<void> {
  void places;
  for await (const one of surveySessions(wish)) one.view;
}
