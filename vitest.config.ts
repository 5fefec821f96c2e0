import { defineConfig } from 'vitest/config';

/** The default lane: units, vectors, Move tests and end-to-end tests on the embedded ledger. */
export default defineConfig({
  resolve: { conditions: ['seal-ts-source'] },
  ssr: { resolve: { conditions: ['seal-ts-source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.{fuzz,browser,deploy}.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
