import { readFileSync } from 'node:fs';

/** Reads one file of `vectors/protocol`. */
export function loadVectors<T>(name: string): T {
  const url = new URL(`../../../../vectors/protocol/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

/** Runs `action` and returns what it threw; fails when it did not throw. */
export function thrownBy(action: () => unknown): { code?: unknown; message?: string } {
  try {
    action();
  } catch (error) {
    return error as { code?: unknown; message?: string };
  }
  throw new Error('expected an error');
}
