import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** `npm run test:fuzz`: random inputs, as many as `FUZZ_RUNS` says; a find becomes a fixed test. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: ['**/node_modules/**'] } },
  defineConfig({
    test: {
      include: ['packages/*/test/**/*.fuzz.test.ts', 'tests/**/*.fuzz.test.ts'],
      testTimeout: 600_000,
    },
  }),
);
