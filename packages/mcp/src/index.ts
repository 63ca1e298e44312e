export { type Ending, type ServeOptions, serve } from './serve.ts';
