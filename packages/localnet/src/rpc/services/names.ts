/** NameService over the development registry (spec sui-ledger §2.3). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import { addressField, quote, textField } from '../arguments.ts';
import type { UnaryHandler } from '../dispatcher.ts';
import type { DevRegistry } from '../registry.ts';
import { RpcError } from '../transport/status.ts';

/** Handlers of NameService. Unknown names are NOT_FOUND, both ways, as on real nodes. */
export function nameService(registry: DevRegistry) {
  return { lookupName: lookupName(registry), reverseLookupName: reverseLookupName(registry) };
}

function record(name: string, targetAddress: string): PartialMessage<GrpcTypes.NameRecord> {
  return { name, targetAddress };
}

function lookupName(
  registry: DevRegistry,
): UnaryHandler<GrpcTypes.LookupNameRequest, GrpcTypes.LookupNameResponse> {
  return (request) => {
    const name = textField('name', request.name);
    const address = registry.address(name);
    if (address === undefined) throw new RpcError('NOT_FOUND', `name ${quote(name)} not found`);
    return { record: record(name, address) };
  };
}

function reverseLookupName(
  registry: DevRegistry,
): UnaryHandler<GrpcTypes.ReverseLookupNameRequest, GrpcTypes.ReverseLookupNameResponse> {
  return (request) => {
    const address = addressField('address', request.address);
    const name = registry.nameOf(address);
    if (name === undefined) throw new RpcError('NOT_FOUND', `no name for address ${address}`);
    return { record: record(name, address) };
  };
}
