/** `seal-aggregator check-config`: every fault of the configuration at once, before anything runs. */

import {
  ConfigError,
  type Environment,
  type Fault,
  formatFault,
  ServiceError,
} from '@seal-ts/service';
import { loadSettings, type Settings } from '../config/settings.ts';
import { settingsSummary } from '../config/summary.ts';

export interface CheckConfigOptions {
  configPath?: string | undefined;
  json: boolean;
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
}

/** Exit code: 0 without faults, 1 with. */
export function checkConfig(options: CheckConfigOptions, { env, print }: CheckConfigDeps): number {
  const report = inspect(options, env);
  if (options.json) print(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) print(line);
  return report.ok ? 0 : 1;
}

function inspect({ configPath }: CheckConfigOptions, env: Environment): Report {
  try {
    const { settings, warnings } = loadSettings({ env, configPath });
    const all = [...warnings, ...adviceOn(settings)];
    return { ok: true, faults: [], warnings: all, settings: settingsSummary(settings) };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { ok: false, faults: [...error.faults], warnings: [...error.warnings] };
    }
    if (!(error instanceof ServiceError)) throw error;
    return { ok: false, faults: [{ path: '', problem: error.message, fix: '' }], warnings: [] };
  }
}

/** What works, and deserves a second look. */
function adviceOn({ credentials, allowHttp }: Settings): Fault[] {
  const advice: Fault[] = [];
  if (credentials.size === 0) {
    const fix = 'List the members by their names on chain; others get no requests';
    advice.push({ path: 'api_credentials', problem: 'is empty', fix });
  }
  for (const [name, { header, url }] of credentials) {
    if (header === undefined || url !== undefined) continue;
    const fix = 'Write the URL, or the key goes to whatever URL the chain names at the start';
    advice.push({ path: `api_credentials.${name}`, problem: 'has no url', fix });
  }
  if (allowHttp) {
    const fix = 'Requests and API keys travel in clear; use it in closed networks only';
    advice.push({ path: 'member_access.allow_http', problem: 'is on', fix });
  }
  return advice;
}

function reportLines({ ok, faults, warnings, settings = {} }: Report): string[] {
  const lines = faults.map((fault) => `fault: ${formatFault(fault)}`);
  lines.push(...warnings.map((warning) => `warning: ${formatFault(warning)}`));
  if (!ok) return [...lines, `${faults.length} fault${faults.length === 1 ? '' : 's'}`];
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined) lines.push(`${name}: ${value}`);
  }
  return [...lines, 'the configuration is good'];
}
