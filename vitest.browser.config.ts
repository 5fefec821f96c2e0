import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** `npm run test:browser`: the SDK's bundle in a real Chromium ($CHROMIUM_PATH, or a usual place). */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: ['**/node_modules/**'] } },
  defineConfig({
    test: { include: ['tests/**/*.browser.test.ts'], testTimeout: 120_000 },
  }),
);
