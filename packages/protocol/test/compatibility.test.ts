/** The versions that live networks gate on are frozen: they are not the packages' versions. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_SDK_TYPE,
  CLIENT_SDK_VERSION,
  checkClientVersion,
  HEADERS,
  KEY_SERVER_VERSION,
  versionGates,
} from '../src/index.ts';

interface Vectors {
  readonly constants: Record<string, string>;
  readonly gates: readonly { type: string; version: string; accepted: boolean }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/protocol/versions.json', import.meta.url), 'utf8'),
);

describe('compatibility versions', () => {
  it('are sent under the published headers', () => {
    expect({
      [HEADERS.clientSdkType]: CLIENT_SDK_TYPE,
      [HEADERS.clientSdkVersion]: CLIENT_SDK_VERSION,
      [HEADERS.keyServerVersion]: KEY_SERVER_VERSION,
    }).toEqual(vectors.constants);
  });

  it.each(vectors.gates)('$type $version: accepted $accepted', ({ type, version, accepted }) => {
    const check = () => checkClientVersion(version, type, versionGates());
    if (accepted) expect(check).not.toThrow();
    else expect(check).toThrow();
  });
});
