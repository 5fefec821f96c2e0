#!/usr/bin/env node
import { existsSync } from 'node:fs';

// In the workspace the TypeScript source runs under the project's Node; a published package has dist.
const workspace = new URL('../../../tools/launch.mjs', import.meta.url);
if (existsSync(workspace)) {
  const { launch } = await import(workspace.href);
  await launch(new URL('../src/main.ts', import.meta.url), process.argv.slice(2));
} else {
  await import('../dist/main.js');
}
