/** What every Seal server needs once; see the modules for their documentation. */
export * from './config/index.ts';
export { formatDuration, MAX_DURATION_MS, parseDuration } from './duration.ts';
export { describeError, ServiceError, type ServiceErrorCode } from './errors.ts';
export * from './http/index.ts';
export * from './lifecycle/index.ts';
export {
  type FetchApp,
  HTTP_LIMITS,
  type Listening,
  type ListenOptions,
  listen,
} from './listen.ts';
export {
  createLogger,
  LOG_LEVELS,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  logLevelOf,
  REDACTED_FIELDS,
  silentLogger,
} from './logs.ts';
export * from './metrics/index.ts';
export * from './middleware/index.ts';
export * from './push/index.ts';
export {
  type Environment,
  findSecret,
  MAX_SECRET_BYTES,
  requireSecret,
  SecretText,
} from './secrets.ts';
