import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/** The tests under e2e run the built program. */
export default mergeConfig(base, { test: { include: ['e2e/**/*.test.ts'] } });
