import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** `npm run test:deploy`: what `deploy/` makes, built and run; slower, and downloads packages. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: ['**/node_modules/**'] } },
  defineConfig({ test: { include: ['tests/deploy/**/*.test.ts'] } }),
);
