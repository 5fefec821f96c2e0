/** Words for what an encrypted object holds and for what each key server answered. */
import type { EncryptedObject, NoAccessError, SealError } from '@seal-ts/sdk';
import type { Manifest } from '../stack/manifest.ts';

type Parsed = ReturnType<typeof EncryptedObject.parse>;

const CIPHERS: Readonly<Record<string, string>> = {
  Aes256Gcm: 'AES-256-GCM',
  Hmac256Ctr: 'HMAC-SHA3-256 in counter mode',
  Plain: 'none (key only)',
};

/** Several lines on the parts of an encrypted object; none of them is secret. */
export function describeObject(
  object: Parsed,
  manifest: Manifest,
  plain: Uint8Array,
  sealed: Uint8Array,
): string {
  const names = object.services.map(([objectId, index]) => {
    return `share ${index} → ${nameOf(objectId, manifest)}`;
  });
  return [
    `${plain.length} bytes became ${sealed.length}: version ${object.version}, ` +
      `cipher ${CIPHERS[object.ciphertext.$kind] ?? object.ciphertext.$kind}`,
    `policy package ${object.packageId}`,
    `identity       ${object.id}`,
    `threshold      ${object.threshold} of ${object.services.length}: ${names.join(', ')}`,
  ].join('\n');
}

/** What the abort codes of `walrus::allowlist` mean. */
const ALLOWLIST_ABORTS: Readonly<Record<string, string>> = {
  '1': 'ENoAccess, the sender is not on the list',
};

/** Which policy said no, and what its code means. */
export function describeRefusal(error: NoAccessError): string {
  const { abort } = error;
  if (!abort) return `refused: ${error.message}`;
  const code = String(abort.code);
  const meaning = ALLOWLIST_ABORTS[code] ?? 'see the policy';
  return (
    `refused by the policy: ${abort.module}::${abort.function} aborted with code ${code} ` +
    `(${meaning})`
  );
}

/** One line for each key server that was asked. */
export function describeShares(error: SealError, manifest: Manifest): string {
  return error.shares
    .filter((share) => share.outcome === 'failed')
    .map((share) => {
      const retry = share.retryable ? ', may be tried again' : '';
      return `${nameOf(share.server, manifest)}: ${share.message}${retry}`;
    })
    .join('\n');
}

/** The name of an independent server or a committee. */
function nameOf(objectId: string, { keyServers, committees }: Manifest): string {
  const server = keyServers.find((entry) => entry.objectId === objectId);
  const committee = committees.find((entry) => entry.keyServerObjectId === objectId);
  return server?.name ?? committee?.name ?? objectId;
}
