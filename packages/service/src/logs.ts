/**
 * JSON logs, one object per line, on pino. Fields, not sentences. What must never be logged is
 * removed by field name as a second line of defence; the first is that nobody passes it.
 */

import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(fields: Record<string, unknown>): Logger;
};

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Field names whose values never reach a log, at the top level or one level down. */
export const REDACTED_FIELDS = [
  'authorization',
  'bearerToken',
  'bearer_token',
  'body',
  'certificate',
  'key',
  'masterKey',
  'masterShare',
  'password',
  'privateKey',
  'ptb',
  'secret',
  'secretKey',
  'seed',
  'session',
  'share',
  'signature',
  'token',
  'userSecretKey',
] as const;

export interface LoggerOptions {
  /** Name of the service, in every line. */
  name: string;
  level?: LogLevel;
  /** Where lines go; standard output by default. */
  destination?: DestinationStream;
}

export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: {
      paths: REDACTED_FIELDS.flatMap((field) => [field, `*.${field}`]),
      censor: '[redacted]',
    },
  };
  return pino(options, destination ?? standardOutput());
}

/**
 * Lines are written at once. Pino's own default writes later and, when the reader of the log has gone
 * away meanwhile, tries for ever to get rid of the rest while the process exits.
 */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}

/** The level that a `RUST_LOG` filter asks for: operators keep their environment files. */
export function logLevelOf(filter: string | undefined): LogLevel {
  const words = (filter ?? '').split(/[,=]/).map((word) => word.trim().toLowerCase());
  const level = words.find((word) => word === 'off' || isLogLevel(word));
  if (level === 'off') return 'silent';
  return level !== undefined && isLogLevel(level) ? level : 'info';
}

function isLogLevel(word: string): word is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(word);
}

const MAX_CAUSES = 5;

/** Type, code, message and causes: never the enumerable fields, which may hold request data. */
function errorFields(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { code } = thrown as { code?: unknown };
  return {
    type: thrown.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: thrown.message,
    ...(thrown.cause !== undefined && depth < MAX_CAUSES
      ? { cause: errorFields(thrown.cause, depth + 1) }
      : {}),
  };
}

/** A logger that writes nothing, for tests and embedding. */
export const silentLogger: Logger = pino({ level: 'silent' });
