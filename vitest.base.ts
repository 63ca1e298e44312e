import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Other packages of the workspace are read from their source, so that unit tests need no build. */
const conditions = ['csa-source', 'node', 'module', 'development|production'];

/** What all packages' tests share; a package's own vitest.config.ts re-exports it. */
const base: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // dist holds compiled tests too.
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default base;
