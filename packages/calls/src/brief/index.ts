export { briefDocument, type RefreshFields, type ToldBrief } from './brief-document.ts';
export { openSource, type ProjectBrief } from './project-source.ts';
export { projectsWithSessions } from './projects-with-sessions.ts';
