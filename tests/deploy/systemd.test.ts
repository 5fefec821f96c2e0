/**
 * The units of `deploy/systemd`, judged by systemd itself, offline: `verify` for what it would
 * refuse or ignore, `security` for how much the processes are exposed.
 */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deployFile, findProgram } from './support/programs.ts';

const UNITS = ['seal-key-server.service', 'seal-aggregator.service'];
const DROP_IN = 'seal-key-server.service.d/committee-member.conf';
/** Of 100, where 96 is an unprotected service; ours needs the network and writable code pages. */
const MAX_EXPOSURE = 15;
/** `--offline` came with version 250. */
const MIN_SYSTEMD_VERSION = 250;

const analyze = findProgram('systemd-analyze');
const missing = unsupported();

function unsupported(): string {
  if (analyze === undefined) return ' (skipped: needs systemd-analyze, apt-get install systemd)';
  const { stdout } = spawnSync(analyze, ['--version'], { encoding: 'utf8' });
  const version = Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0);
  if (version >= MIN_SYSTEMD_VERSION) return '';
  return ` (skipped: systemd ${version} cannot judge units offline, ${MIN_SYSTEMD_VERSION} can)`;
}

/** A file system with the units and stand-ins for the programs that they start. */
function machine(): string {
  const root = mkdtempSync(join(tmpdir(), 'seal-systemd-'));
  const units = join(root, 'etc/systemd/system');
  mkdirSync(dirname(join(units, DROP_IN)), { recursive: true });
  for (const unit of UNITS) copyFileSync(deployFile(`systemd/${unit}`), join(units, unit));
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  for (const program of ['node', 'install']) {
    writeFileSync(join(root, 'usr/bin', program), '#!/bin/sh\n');
    chmodSync(join(root, 'usr/bin', program), 0o755);
  }
  return root;
}

describe.skipIf(missing !== '')(`systemd units${missing}`, () => {
  const root = missing === '' ? machine() : '';
  afterAll(() => rmSync(root, { recursive: true }));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(analyze as string, args, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };
  const verify = (unit: string) => run('verify', `--root=${root}`, '--recursive-errors=no', unit);
  const security = (unit: string) =>
    run('security', '--offline=true', `--root=${root}`, `--threshold=${MAX_EXPOSURE}`, unit);
  const unitFile = (unit: string) => join(root, 'etc/systemd/system', unit);

  it.each(UNITS)('%s is understood, every line', (unit) => {
    expect(verify(unit)).toEqual({ status: 0, output: '' });
  });

  it.each(UNITS)('%s exposes little', (unit) => {
    const { status, output } = security(unit);
    expect(status, output).toBe(0);
  });

  it('the drop-in of committee members fits', () => {
    copyFileSync(deployFile('systemd/committee-member.conf'), unitFile(DROP_IN));
    try {
      expect(verify(UNITS[0] as string)).toEqual({ status: 0, output: '' });
      expect(security(UNITS[0] as string).status).toBe(0);
    } finally {
      rmSync(unitFile(DROP_IN));
    }
  });

  it('these judgements see faults', () => {
    const text = readFileSync(deployFile(`systemd/${UNITS[0]}`), 'utf8');
    writeFileSync(unitFile('typo.service'), text.replace('DynamicUser=', 'DynamicUsr='));
    expect(verify('typo.service').output).toContain('DynamicUsr');
    writeFileSync(unitFile('gone.service'), text.replaceAll('/usr/bin/node', '/usr/bin/nude'));
    expect(verify('gone.service').status).not.toBe(0);
    const weak = text.replace(/^SystemCallFilter=.*\n/gm, '');
    writeFileSync(unitFile('weak.service'), weak);
    expect(security('weak.service').status).not.toBe(0);
  });
});

describe('secrets in units', () => {
  it.each([...UNITS, 'committee-member.conf'])('%s names files, never values', (unit) => {
    const text = readFileSync(deployFile(`systemd/${unit}`), 'utf8');
    const environment = text.split('\n').filter((line) => line.startsWith('Environment='));
    for (const line of environment) {
      expect(line).toMatch(/^Environment=(CONFIG_PATH=\S*\/|MASTER_\w+=@%t\/)/);
    }
    expect(text).toContain('LoadCredential=');
  });
});
