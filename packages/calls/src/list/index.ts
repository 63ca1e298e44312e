export { answerList, type ListAnswer, listDocument } from './answer-list.ts';
export { parseLimit, parseSince, parseStates, WANTED_STATES } from './session-filter.ts';
export { isMarked, isWanted, listingOf, locatedAt, type Surveyed, surveySessions } from './survey.ts';
export { type ListedSession, type ListWish, listedAs, wantedList } from './wanted-list.ts';
