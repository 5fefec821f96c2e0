/** Move Registry lookups (seal-protocol.md §4.9). */
import {
  decodeMvrPackageInfo,
  decodeMvrRecord,
  type MvrRecord,
  mvrRecordId,
  parseMvrName,
} from '@seal-ts/protocol';
import { ChainError } from './errors.ts';
import { decodeContents, moveContents } from './object-bcs.ts';
import type { CallOptions, ServerChain } from './server-chain.ts';

type Reader = Pick<ServerChain, 'object'>;

/**
 * The name's record in the registry on mainnet. ProtocolError INVALID_MVR_NAME for a bad name,
 * ChainError NOT_FOUND for an unregistered one.
 */
export async function readMvrRecord(
  registry: Reader,
  name: string,
  options: CallOptions = {},
): Promise<MvrRecord> {
  const recordId = mvrRecordId(parseMvrName(name));
  return decodeContents(name, await contents(registry, recordId, options), decodeMvrRecord);
}

/** A `PackageInfo` object, on the network the package lives on. */
export async function readMvrPackageInfo(
  chain: Reader,
  packageInfoId: string,
  options: CallOptions = {},
): Promise<ReturnType<typeof decodeMvrPackageInfo>> {
  const bytes = await contents(chain, packageInfoId, options);
  return decodeContents(packageInfoId, bytes, decodeMvrPackageInfo);
}

async function contents(chain: Reader, id: string, options: CallOptions): Promise<Uint8Array> {
  const object = await chain.object(id, { ...options, mask: ['bcs'] });
  if (object.bcs === undefined) throw new ChainError('MALFORMED', `${id}: the node sent no bcs`);
  return moveContents(object.bcs, id);
}
