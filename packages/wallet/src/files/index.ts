/** Private files and editable YAML, for tools that keep secrets on disk. */
export { type Lock, takeLock } from './lock.ts';
export * from './private-file.ts';
export { isRunning } from './process-id.ts';
export { MAX_YAML_BYTES, YamlFile, type YamlPath } from './yaml-file.ts';
