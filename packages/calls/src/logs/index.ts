export { LinePattern } from './line-pattern.ts';
export { beginningNotes } from './log-notes.ts';
export { LogPrinter, type Surroundings } from './log-printer.ts';
export { type LogForm, LogStream, type Progress } from './log-stream.ts';
export { chooseLogs, logForm } from './log-wishes.ts';
export type { Outlet } from './outlet.ts';
export { readable, readLogs, type ShownLog, type WantedLogs } from './read-logs.ts';
