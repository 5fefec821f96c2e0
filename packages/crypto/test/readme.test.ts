/** The README's example runs as it stands. */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

describe('README', () => {
  it('shows a program that prints what its comment says', () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(path('../README.md'), 'utf8'))![1]!;
    const file = path(`./.readme-example-${process.pid}.ts`);
    writeFileSync(file, example);
    try {
      const options = [
        '--conditions=seal-ts-source',
        '--disable-warning=ExperimentalWarning',
        file,
      ];
      expect(execFileSync(process.execPath, options, { encoding: 'utf8' })).toBe('hello\n');
    } finally {
      rmSync(file);
    }
  });
});
