import base from '../../vitest.base.ts';

/** What drives real clients: they wait, for minutes, more than they compute. */
export default {
  ...base,
  test: {
    ...base.test,
    include: ['nightly/**/*.test.ts'],
    globalSetup: ['nightly/install-clients.ts'],
    maxWorkers: 3,
    testTimeout: 900_000,
  },
};
