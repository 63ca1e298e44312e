export { locateLabelled } from './labelled.ts';
export { locateAll } from './locate-all.ts';
export { manyJson } from './many-json.ts';
export {
  judgeMany,
  type ManyStory,
  type ManyVerdict,
  type MemberStory,
  reasonOf,
  stateOfMember,
} from './many-story.ts';
export { nextWaitForMany, sameWaitForMany, waitForRest } from './next-commands.ts';
export { areMany } from './short-names.ts';
export { type ManyEnding, rankOf } from './verdict.ts';
export { type Around, type Awaited, Several, type SeveralWaited } from './wait-for-several.ts';
