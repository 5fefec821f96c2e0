/** `seal-key-server check-config`: every fault of file, environment and keys, then an exit code. */

import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  ConfigError,
  type Environment,
  type Fault,
  formatFault,
  ServiceError,
} from '@seal-ts/service';
import type { ServerMode } from '../config/file-schema.ts';
import { loadSettings } from '../config/settings.ts';
import { settingsSummary } from '../config/summary.ts';
import { shareFaults } from '../keys/committee-load.ts';
import { loadMasterKeys } from '../keys/load.ts';

export interface CheckConfigOptions {
  configPath?: string | undefined;
  json: boolean;
  /** Check the master keys too. */
  keys: boolean;
}
export interface CheckConfigDeps {
  env: Environment;
  print: (line: string) => void;
}

interface Report {
  ok: boolean;
  faults: Fault[];
  warnings: Fault[];
  settings?: Record<string, unknown>;
  publicKeys?: Record<string, unknown>[];
}

/** A share may be well formed and still be another member's: only the chain knows. */
const COMMITTEE_NOTE =
  'the chain was not asked: at its start the server compares member, version and share with it';

/** Exit code: 0 without faults, 1 with. */
export function checkConfig(options: CheckConfigOptions, { env, print }: CheckConfigDeps): number {
  const report = inspectConfig(options, env);
  if (options.json) print(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) print(line);
  return report.ok ? 0 : 1;
}

function inspectConfig(options: CheckConfigOptions, env: Environment): Report {
  const report: Report = { ok: false, faults: [], warnings: [] };
  try {
    const { settings, warnings } = loadSettings({ env, configPath: options.configPath });
    report.warnings = warnings;
    report.settings = settingsSummary(settings);
    if (options.keys) report.publicKeys = checkKeys(settings.mode, env);
    report.ok = true;
  } catch (error) {
    if (error instanceof ConfigError) {
      report.faults = [...error.faults];
      report.warnings.push(...error.warnings);
    } else if (error instanceof ServiceError) {
      report.faults = [{ path: '', problem: error.message, fix: '' }];
    } else throw error;
  }
  return report;
}

/** Public keys, where they follow from the environment. @throws {ConfigError} */
function checkKeys(mode: ServerMode, env: Environment): Record<string, unknown>[] {
  if (mode.tag === 'Committee') {
    const faults = shareFaults(mode, env);
    if (faults.length > 0) throw new ConfigError('committee shares', faults);
    return [];
  }
  const publicKeys: Record<string, unknown>[] = [];
  const announce = (fields: Record<string, unknown>) => void publicKeys.push(fields);
  loadMasterKeys(mode, { engine: nobleEngine, env, announce }).wipe();
  return publicKeys;
}

function reportLines({ ok, faults, warnings, settings, publicKeys = [] }: Report): string[] {
  const lines = faults.map((fault) => `fault: ${formatFault(fault)}`);
  lines.push(...warnings.map((warning) => `warning: ${formatFault(warning)}`));
  if (settings === undefined) lines.push('the master keys were not checked');
  if (!ok) return [...lines, `${faults.length} fault${faults.length === 1 ? '' : 's'}`];
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (value !== undefined) lines.push(`${name}: ${value}`);
  }
  for (const { publicKey, ...whose } of publicKeys) {
    const owner = Object.entries(whose).map(([name, value]) => `${name} ${value}`);
    lines.push(`public key of ${owner.join(', ')}: ${publicKey}`);
  }
  if (settings?.mode === 'Committee') lines.push(COMMITTEE_NOTE);
  return [...lines, 'the configuration is good'];
}
