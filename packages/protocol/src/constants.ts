/**
 * Constants of the Seal protocol (seal-protocol.md §1.8, §3.6, §4). The version numbers are
 * compatibility versions: live clients and servers compare them, so they are not package versions.
 */

/** `Client-Sdk-Version` our SDK sends with `Client-Sdk-Type: typescript` (§4.2). */
export const CLIENT_SDK_VERSION = '1.4.12';
export const CLIENT_SDK_TYPE = 'typescript';

/** `X-KeyServer-Version` our servers answer with; clients need >= 0.4.1, aggregators >= 0.6.2. */
export const KEY_SERVER_VERSION = '0.6.10';

/** Oldest key server version a client accepts (§9.1). */
export const MIN_KEY_SERVER_VERSION = '0.4.1';

export const HEADERS = {
  clientSdkVersion: 'Client-Sdk-Version',
  clientSdkType: 'Client-Sdk-Type',
  requestId: 'Request-Id',
  clientTargetApiVersion: 'Client-Target-Api-Version',
  keyServerVersion: 'X-KeyServer-Version',
  keyServerGitVersion: 'X-KeyServer-GitVersion',
} as const;

/** Paths of §4.1. */
export const PATHS = {
  fetchKey: '/v1/fetch_key',
  service: '/v1/service',
  committeePartialPk: '/v1/debug/committee_partial_pk',
  health: '/health',
} as const;

/** Largest request body of a key server, in bytes (§4.1). */
export const MAX_REQUEST_BYTES = 180 * 1024;

/** Largest number of commands in one request (§4.6). */
export const MAX_PTB_COMMANDS = 100;

/** Longest session a key server accepts by default, in minutes (§3.6). */
export const MAX_SESSION_TTL_MIN = 30;
export const MIN_SESSION_TTL_MIN = 1;

/** Gas budget of a policy simulation, in MIST (§4.7). */
export const SIMULATION_GAS_BUDGET = 500_000_000n;

/** Default bound on how far a node's clock may be behind the server's, in ms (§11). */
export const ALLOWED_STALENESS_MS = 120_000n;

/** Abort code of `seal::time::check_staleness` (§8.1.2). */
export const STALENESS_ABORT_CODE = 93492n;

/** The shared clock object and its initial shared version. */
export const CLOCK_OBJECT_ID = `0x${'6'.padStart(64, '0')}`;
export const CLOCK_INITIAL_VERSION = 1n;

/** Prefix every policy function's name must have (§4.6). */
export const APPROVE_PREFIX = 'seal_approve';

/** Boneh–Franklin on BLS12-381, the only key type (§2.1). */
export const KEY_TYPE_BONEH_FRANKLIN_BLS12381 = 0;

export const ENCRYPTED_OBJECT_VERSION = 0;
export const ADDRESS_BYTES = 32;
export const G1_BYTES = 48;
export const G2_BYTES = 96;
export const SHARE_BYTES = 32;
export const MAC_BYTES = 32;
export const ED25519_PUBLIC_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;

/** Share indices and thresholds are one byte; `encrypt` takes fewer than 255 shares (§1.5). */
export const MAX_SHARES = 254;

/** Flag bytes of serialized Sui signatures. */
export const SIGNATURE_FLAG = {
  ed25519: 0,
  secp256k1: 1,
  secp256r1: 2,
  multisig: 3,
  zkLogin: 5,
  passkey: 6,
} as const;
