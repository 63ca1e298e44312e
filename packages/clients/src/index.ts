export { claudeCode } from './claude-code.ts';
export { type Client, LOOPBACK, type ShellWishes } from './client.ts';
export { codex, sandboxedCodex } from './codex.ts';
export { geminiCli } from './gemini-cli.ts';
export { type ModelServer, startModel } from './model-server.ts';
export { opencode } from './opencode.ts';
export { comparable, patternOf } from './transcript-pattern.ts';
export type { Json, Move, Script, ToolAnswer, Turn } from './turn.ts';
