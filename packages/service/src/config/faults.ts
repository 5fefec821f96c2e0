/**
 * What is wrong with a configuration. A check never stops at the first fault: it collects all of
 * them, so that an operator fixes a file once (design §1: "a config check that lists every fault").
 */

import { ServiceError } from '../errors.ts';

/** One fault or warning: where it is, what is wrong, what to do. */
export interface Fault {
  /** Dotted path such as `server_mode.client_configs[1].name`; empty for the whole file. */
  path: string;
  /** 1-based line of the file, where known. */
  line?: number;
  problem: string;
  fix: string;
}

/** A configuration was refused. `faults` holds all of them, in the order of the file. */
export class ConfigError extends ServiceError {
  override readonly name = 'ConfigError';
  readonly source: string;
  readonly faults: readonly Fault[];
  /** Things that look wrong besides, such as unknown keys. */
  readonly warnings: readonly Fault[];

  constructor(source: string, faults: readonly Fault[], warnings: readonly Fault[] = []) {
    const plural = faults.length === 1 ? 'fault' : 'faults';
    const lines = faults.map((fault) => `\n  - ${formatFault(fault)}`);
    super('CONFIG_INVALID', `${source}: ${faults.length} ${plural}${lines.join('')}`);
    this.source = source;
    this.faults = faults;
    this.warnings = warnings;
  }
}

/** One line: `line 3, network: unknown tag !Foo. Write …`. */
export function formatFault(fault: Fault): string {
  const line = fault.line === undefined ? '' : `line ${fault.line}`;
  const where = [line, fault.path].filter((part) => part !== '').join(', ');
  const fix = fault.fix === '' ? '' : `. ${fault.fix}`;
  return `${where === '' ? '' : `${where}: `}${fault.problem}${fix}`;
}
