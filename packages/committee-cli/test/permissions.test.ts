/** Who else can read or replace what a state directory holds. */
import { chmodSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { permissionsCheck } from '../src/commands/verify-files.ts';
import { CeremonyFile } from '../src/files/ceremony-file.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const check = (shareFile?: string) => {
  const file = CeremonyFile.read(dir.path('dkg.yaml'));
  const ceremony = { file, stateDir: dir.path() } as Parameters<typeof permissionsCheck>[0];
  return permissionsCheck(ceremony, dir.path('dkg.key'), shareFile);
};
const SHARE = `process-all-and-propose:\n  MASTER_SHARE_V0: "0x${'07'.repeat(32)}"\n`;

beforeEach(() => {
  writeFileSync(dir.path('dkg.yaml'), 'init-params:\n  NETWORK: Testnet\n', { mode: 0o644 });
  chmodSync(dir.path(), 0o755);
});

describe.skipIf(process.platform === 'win32')('permissions of a state directory', () => {
  it('are fine while only their owner can read secret files', () => {
    expect(check().note).toContain('only their owner');
    for (const name of ['dkg.key', 'state.json', 'share']) {
      writeFileSync(dir.path(name), 'secret', { mode: 0o600 });
    }
    expect(check(dir.path('share')).note).toContain('only their owner');
    chmodSync(dir.path(), 0o775);
    expect(check().note).toContain('only their owner');
  });

  it.each(['dkg.key', 'state.json', 'share'])('are not when others can read %s', (name) => {
    writeFileSync(dir.path(name), 'secret');
    chmodSync(dir.path(name), 0o604);
    expect(() => check(dir.path('share'))).toThrow(`chmod 600 ${dir.path(name)}`);
  });

  it('are not when others can read dkg.yaml with a share in it', () => {
    writeFileSync(dir.path('dkg.yaml'), SHARE);
    expect(() => check()).toThrow(`chmod 600 ${dir.path('dkg.yaml')}`);
    chmodSync(dir.path('dkg.yaml'), 0o600);
    expect(check().note).toContain('only their owner');
  });

  it('are not when others can replace the files', () => {
    chmodSync(dir.path(), 0o777);
    expect(() => check()).toThrow(`chmod 700 ${dir.path()}`);
  });
});
