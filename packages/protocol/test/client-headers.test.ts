/** What a caller says of itself, as it may stand in logs and metrics. */
import { describe, expect, it } from 'vitest';
import { clientHeaders, HEADERS, MAX_LOGGED_HEADER_CHARACTERS } from '../src/index.ts';

const of = (type?: string, version?: string, target?: string) => {
  const values: Record<string, string | undefined> = {
    [HEADERS.clientSdkType]: type,
    [HEADERS.clientSdkVersion]: version,
    [HEADERS.clientTargetApiVersion]: target,
  };
  return clientHeaders((name) => values[name]);
};

describe('headers of a caller', () => {
  it('are passed on as they are', () => {
    expect(of('typescript', '1.2.3', '2')).toEqual({
      type: 'typescript',
      version: '1.2.3',
      logged: { sdkType: 'typescript', sdkVersion: '1.2.3', targetApiVersion: '2' },
      labels: { sdk_type: 'typescript', version: '1.2.3' },
    });
  });

  it('may be missing', () => {
    const none = { type: undefined, version: undefined, labels: undefined };
    expect(of()).toEqual({ ...none, logged: { sdkType: 'other' } });
  });

  it.each(['java', 'toString', '__proto__', ''])('name an unknown type: %j', (type) => {
    expect(of(type, '1.0.0')).toMatchObject({
      type,
      logged: { sdkType: 'other' },
      labels: { sdk_type: 'other' },
    });
  });

  it('are logged up to a length, and labelled by few values', () => {
    const most = 'v'.repeat(MAX_LOGGED_HEADER_CHARACTERS);
    expect(of('rust', most, `${most}v`).logged).toEqual({
      sdkType: 'rust',
      sdkVersion: most,
      targetApiVersion: most,
    });
    expect(of('rust', most).labels).toEqual({ sdk_type: 'rust', version: 'other' });
    expect(of('rust', '99.99.99').labels?.version).toBe('20.20.20');
  });

  it.each(['1\n2', '1\x1b[2J', 'é', '1\x7f'])('hold nothing unprintable in a log: %j', (text) => {
    expect(of('rust', text, text).logged.sdkVersion).toMatch(/^[\x20-\x7e]+$/);
    expect(of('rust', text, text).logged.targetApiVersion).toMatch(/^[\x20-\x7e]+$/);
  });
});
