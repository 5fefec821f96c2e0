import { describe, expect, it } from 'vitest';
import { createLogger, logLevelOf, REDACTED_FIELDS, ServiceError } from '../src/index.ts';

function capture(level: 'trace' | 'info' = 'trace') {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLogger({ name: 'svc', level, destination }), lines };
}

describe('logs', () => {
  it('are JSON lines with level, time and name', () => {
    const { log, lines } = capture();
    log.info({ route: '/x' }, 'request');
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      name: 'svc',
      route: '/x',
      msg: 'request',
    });
  });

  it.each(REDACTED_FIELDS)('hide the field %s', (field) => {
    const { log, lines } = capture();
    log.info({ [field]: 's3cret', nested: { [field]: 's3cret' } }, 'x');
    expect(lines[0]).not.toContain('s3cret');
  });

  it('show of an error its type, code, message and causes, not its fields', () => {
    const { log, lines } = capture();
    const cause = Object.assign(new Error('inner'), { request: 's3cret' });
    log.error({ err: new ServiceError('OPTION_INVALID', 'outer', { cause }) }, 'x');
    expect(JSON.parse(lines[0]!).err).toEqual({
      type: 'ServiceError',
      code: 'OPTION_INVALID',
      message: 'outer',
      cause: { type: 'Error', message: 'inner' },
    });
  });

  it('end at a bounded depth of causes', () => {
    const { log, lines } = capture();
    const loop = new Error('loop');
    loop.cause = loop;
    log.error({ err: loop }, 'x');
    expect(lines[0]!.length).toBeLessThan(1000);
  });

  it.each([
    [undefined, 'info'],
    ['', 'info'],
    ['debug', 'debug'],
    ['WARN', 'warn'],
    ['key_server=trace,hyper=off', 'trace'],
    ['off', 'silent'],
    ['nonsense', 'info'],
  ])('filter %s means %s', (filter, level) => {
    expect(logLevelOf(filter)).toBe(level);
  });
});
