/** What a caller of a server says of itself (§4.2), and what of that may stand in logs and metrics. */
import { HEADERS } from './constants.ts';
import { type GatedClientType, isGatedType, versionLabel } from './versions.ts';

/** Longest piece of a caller's header that is logged. */
export const MAX_LOGGED_HEADER_CHARACTERS = 32;

export interface ClientHeaders {
  /** As sent; undefined when missing. */
  readonly type: string | undefined;
  readonly version: string | undefined;
  /** For a log line: short, and without anything that is not printable ASCII. */
  readonly logged: {
    readonly sdkType: GatedClientType | 'other';
    readonly sdkVersion?: string;
    readonly targetApiVersion?: string;
  };
  /** For a counter; undefined without a version. */
  readonly labels: { readonly sdk_type: string; readonly version: string } | undefined;
}

/** @param header gives the value of a header by its name */
export function clientHeaders(header: (name: string) => string | undefined): ClientHeaders {
  const type = header(HEADERS.clientSdkType);
  const version = header(HEADERS.clientSdkVersion);
  const target = header(HEADERS.clientTargetApiVersion);
  const sdkType = isGatedType(type) ? type : 'other';
  return {
    type,
    version,
    logged: {
      sdkType,
      ...(version === undefined ? {} : { sdkVersion: printable(version) }),
      ...(target === undefined ? {} : { targetApiVersion: printable(target) }),
    },
    labels:
      version === undefined ? undefined : { sdk_type: sdkType, version: versionLabel(version) },
  };
}

function printable(text: string): string {
  return text.slice(0, MAX_LOGGED_HEADER_CHARACTERS).replace(/[^\x20-\x7e]/g, '?');
}
