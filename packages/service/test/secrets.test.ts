import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { findSecret, MAX_SECRET_BYTES, requireSecret, type ServiceError } from '../src/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'service-secrets-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string, mode: number): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as ServiceError).code;
  }
  return 'none';
}

describe('a secret', () => {
  it('comes from a variable or from a private file', () => {
    expect(requireSecret({ K: ' s3cret ' }, 'K').reveal()).toBe('s3cret');
    const path = file('good', 's3cret\n', 0o600);
    expect(requireSecret({ K: `@${path}` }, 'K').reveal()).toBe('s3cret');
  });

  it('may be missing, which only some callers forgive', () => {
    for (const env of [{}, { K: '' }, { K: ' \n' }]) {
      expect(findSecret(env, 'K')).toBeUndefined();
      expect(codeOf(() => requireSecret(env, 'K'))).toBe('SECRET_MISSING');
    }
  });

  it.each([0o640, 0o604, 0o660, 0o601, 0o644])('is refused from a file of mode %o', (mode) => {
    const path = file(`mode-${mode}`, 's3cret', mode);
    expect(codeOf(() => requireSecret({ K: `@${path}` }, 'K'))).toBe('SECRET_FILE_PERMISSIONS');
  });

  it('is judged by the file a link leads to', () => {
    const path = file('open', 's3cret', 0o644);
    const link = join(directory, 'link');
    symlinkSync(path, link);
    expect(codeOf(() => requireSecret({ K: `@${link}` }, 'K'))).toBe('SECRET_FILE_PERMISSIONS');
  });

  it('is refused from no file, and from a file that is too large', () => {
    expect(codeOf(() => requireSecret({ K: '@/nonexistent' }, 'K'))).toBe('SECRET_FILE_UNREADABLE');
    const fits = file('fits', 'x'.repeat(MAX_SECRET_BYTES), 0o600);
    expect(requireSecret({ K: `@${fits}` }, 'K').reveal()).toHaveLength(MAX_SECRET_BYTES);
    const large = file('large', 'x'.repeat(MAX_SECRET_BYTES + 1), 0o600);
    expect(codeOf(() => requireSecret({ K: `@${large}` }, 'K'))).toBe('SECRET_TOO_LARGE');
  });

  it('prints as nothing, and is gone after wiping', () => {
    const secret = requireSecret({ K: 's3cret' }, 'K');
    const seen = [String(secret), JSON.stringify({ secret }), inspect({ secret }), `${secret}`];
    for (const text of seen) expect(text).not.toContain('s3cret');
    secret.wipe();
    expect(secret.reveal()).toBe('');
  });
});
