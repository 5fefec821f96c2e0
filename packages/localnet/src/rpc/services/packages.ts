/** MovePackageService: packages, datatypes, functions, versions (spec sui-ledger §2.3). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { Address, LedgerReader } from '../../ledger/api.ts';
import { addressField, pageSize, textField } from '../arguments.ts';
import type { UnaryHandler } from '../dispatcher.ts';
import { PageTokens } from '../page-token.ts';
import { renderDatatype, renderFunction, renderPackage } from '../render/package.ts';
import { RpcError } from '../transport/status.ts';

/** Handlers of MovePackageService over a ledger. */
export function packageService(ledger: LedgerReader) {
  return {
    getPackage: getPackage(ledger),
    getDatatype: getDatatype(ledger),
    getFunction: getFunction(ledger),
    listPackageVersions: listPackageVersions(ledger),
  };
}

function checkPackage(id: Address, ledger: LedgerReader): void {
  const object = ledger.object(id);
  if (object === undefined) throw new RpcError('NOT_FOUND', `Object ${id} not found`);
  if (object.data.kind !== 'package') {
    throw new RpcError('INVALID_ARGUMENT', `object ${id} is not a package`);
  }
}

function getPackage(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetPackageRequest, GrpcTypes.GetPackageResponse> {
  return (request) => {
    const id = addressField('package_id', request.packageId);
    checkPackage(id, ledger);
    const record = ledger.package(id);
    if (record === undefined) throw new RpcError('NOT_FOUND', `Package ${id} not found`);
    return { package: renderPackage(record) };
  };
}

interface MemberRequest {
  packageId?: string;
  moduleName?: string;
  name?: string;
}

function memberOf(request: MemberRequest, ledger: LedgerReader) {
  const id = addressField('package_id', request.packageId);
  const module = textField('module_name', request.moduleName);
  const name = textField('name', request.name);
  checkPackage(id, ledger);
  return { id, module, name, text: `${id}::${module}::${name}` };
}

function getDatatype(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetDatatypeRequest, GrpcTypes.GetDatatypeResponse> {
  return (request) => {
    const { id, module, name, text } = memberOf(request, ledger);
    const datatype = ledger.datatype(id, module, name);
    if (datatype === undefined) throw new RpcError('NOT_FOUND', `Datatype ${text} not found`);
    return { datatype: renderDatatype(datatype) };
  };
}

function getFunction(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetFunctionRequest, GrpcTypes.GetFunctionResponse> {
  return (request) => {
    const { id, module, name, text } = memberOf(request, ledger);
    const signature = ledger.function(id, module, name);
    if (signature === undefined) throw new RpcError('NOT_FOUND', `Function ${text} not found`);
    return { function: renderFunction(signature) };
  };
}

function listPackageVersions(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.ListPackageVersionsRequest, GrpcTypes.ListPackageVersionsResponse> {
  return (request) => {
    const id = addressField('package_id', request.packageId);
    checkPackage(id, ledger);
    const tokens = new PageTokens('versions', id);
    const versions = ledger.packageVersions(id);
    const after = tokens.decode(request.pageToken);
    const start = after === undefined ? 0 : versions.findIndex((v) => v.storageId === after) + 1;
    const page = versions.slice(start, start + pageSize(request.pageSize));
    const more = start + page.length < versions.length;
    return {
      versions: page.map(({ storageId, version }) => ({ packageId: storageId, version })),
      ...tokens.encode(more ? page.at(-1)?.storageId : undefined),
    };
  };
}
