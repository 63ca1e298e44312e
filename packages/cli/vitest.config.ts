import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/** The tests under e2e run the built program, and wait more than they compute: hence more workers than processors. */
export default mergeConfig(base, { test: { include: ['e2e/**/*.test.ts'], maxWorkers: 3 } });
