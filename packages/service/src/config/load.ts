/** Reading a configuration file: text → tree → typed value, with every fault at once. */

import { readFileSync, statSync } from 'node:fs';
import { describeError, ServiceError } from '../errors.ts';
import { ConfigError, type Fault } from './faults.ts';
import { INVALID, Place, readNode, type Schema } from './schema.ts';
import { MAX_CONFIG_BYTES, parseYaml } from './yaml.ts';

export interface LoadedConfig<T> {
  value: T;
  /** Things that work but look wrong, such as unknown keys. */
  warnings: Fault[];
}

export interface ReadConfigOptions<T> {
  text: string;
  schema: Schema<T>;
  /** Name for messages, usually the path of the file. */
  source: string;
  /** Rules across the whole file; runs only on a complete value. See also `checked`. */
  check?: (value: T, place: Place) => void;
}

/** @throws {ConfigError} with every fault found */
export function readConfig<T>({ text, schema, source, check }: ReadConfigOptions<T>) {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const place = new Place('', faults, warnings);
  const node = parseYaml(text, faults);
  const value = node === undefined ? INVALID : readNode(schema, node, place);
  if (value !== INVALID) check?.(value, place);
  faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (faults.length > 0 || value === INVALID) throw new ConfigError(source, faults, warnings);
  return { value, warnings } satisfies LoadedConfig<T>;
}

/** The text of a configuration file. @throws {ServiceError} CONFIG_UNREADABLE */
export function readConfigFile(path: string): string {
  try {
    const { size } = statSync(path);
    if (size <= MAX_CONFIG_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ServiceError(
      'CONFIG_UNREADABLE',
      `cannot read the configuration file ${path}: ${describeError(error)}. ` +
        'Give the path of a readable YAML file.',
      { cause: error },
    );
  }
  throw new ServiceError(
    'CONFIG_UNREADABLE',
    `the configuration file ${path} is larger than ${MAX_CONFIG_BYTES} bytes. ` +
      'Give the path of the configuration file.',
  );
}
