/**
 * Bounds the answer of a batch: a thousand times the largest package would not fit into memory.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { LedgerObject } from '../ledger/api.ts';
import type { Mask } from './masks/mask.ts';
import { RpcError } from './transport/status.ts';

/** Most bytes of objects, or of transactions, in one batch answer. */
export const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** Fields of an object whose size follows the object's. */
const HEAVY_FIELDS = ['bcs', 'contents', 'json', 'package'] as const;

/** What one batch answer has used up. */
export class BatchBudget {
  #bytes = 0;

  /** Counts an object as often as the mask repeats its bytes. @throws RpcError RESOURCE_EXHAUSTED */
  object(object: LedgerObject, mask: Mask): void {
    const times = HEAVY_FIELDS.filter((field) => mask.has(field)).length;
    if (times > 0) this.#add(times * sizeOf(object));
  }

  /** Counts a rendered transaction; its size is known only then. @throws RpcError RESOURCE_EXHAUSTED */
  transaction(message: PartialMessage<GrpcTypes.ExecutedTransaction>): void {
    if (message.objects === undefined) return;
    const type = GrpcTypes.ExecutedTransaction;
    this.#add(type.toBinary(type.create(message)).length);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MAX_BATCH_BYTES) return;
    throw new RpcError(
      'RESOURCE_EXHAUSTED',
      `the answer would be larger than ${MAX_BATCH_BYTES} bytes; ask for fewer at a time`,
    );
  }
}

function sizeOf({ data }: LedgerObject): number {
  if (data.kind === 'move') return data.contents.length;
  let size = 0;
  for (const module of data.package.modules.values()) size += module.length;
  return size;
}
