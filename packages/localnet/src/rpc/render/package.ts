/** Packages, functions and datatypes as protobuf descriptors (spec sui-ledger §2.3). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type {
  Ability,
  DatatypeDescriptor,
  FieldDescriptor,
  FunctionSignature,
  PackageRecord,
  SignatureParameter,
  SignatureType,
  Visibility,
} from '../../ledger/api.ts';
import { compact } from './compact.ts';

const BodyType = GrpcTypes.OpenSignatureBody_Type;

const ABILITY: Readonly<Record<Ability, GrpcTypes.Ability>> = {
  copy: GrpcTypes.Ability.COPY,
  drop: GrpcTypes.Ability.DROP,
  store: GrpcTypes.Ability.STORE,
  key: GrpcTypes.Ability.KEY,
};

const VISIBILITY: Readonly<Record<Visibility, GrpcTypes.FunctionDescriptor_Visibility>> = {
  private: GrpcTypes.FunctionDescriptor_Visibility.PRIVATE,
  public: GrpcTypes.FunctionDescriptor_Visibility.PUBLIC,
  friend: GrpcTypes.FunctionDescriptor_Visibility.FRIEND,
};

const PRIMITIVE: Readonly<Record<PrimitiveKind, GrpcTypes.OpenSignatureBody_Type>> = {
  address: BodyType.ADDRESS,
  bool: BodyType.BOOL,
  u8: BodyType.U8,
  u16: BodyType.U16,
  u32: BodyType.U32,
  u64: BodyType.U64,
  u128: BodyType.U128,
  u256: BodyType.U256,
  // The proto has no number for `signer`, which no callable function can take.
  signer: BodyType.TYPE_UNKNOWN,
};
type PrimitiveKind = Exclude<SignatureType['kind'], 'vector' | 'datatype' | 'typeParameter'>;

const DatatypeKind = GrpcTypes.DatatypeDescriptor_DatatypeKind;
type Body = PartialMessage<GrpcTypes.OpenSignatureBody>;

function renderBody(type: SignatureType): Body {
  switch (type.kind) {
    case 'vector':
      return { type: BodyType.VECTOR, typeParameterInstantiation: [renderBody(type.element)] };
    case 'datatype':
      return {
        type: BodyType.DATATYPE,
        typeName: type.typeName,
        typeParameterInstantiation: type.typeArguments.map(renderBody),
      };
    case 'typeParameter':
      return { type: BodyType.TYPE_PARAMETER, typeParameter: type.index };
    default:
      return { type: PRIMITIVE[type.kind] };
  }
}

const REFERENCE = {
  immutable: GrpcTypes.OpenSignature_Reference.IMMUTABLE,
  mutable: GrpcTypes.OpenSignature_Reference.MUTABLE,
} as const;

function renderParameter(parameter: SignatureParameter): PartialMessage<GrpcTypes.OpenSignature> {
  const body = renderBody(parameter.body);
  return parameter.reference === undefined
    ? { body }
    : { reference: REFERENCE[parameter.reference], body };
}

/** A function descriptor; every parameter carries a body. */
export function renderFunction(
  signature: FunctionSignature,
): PartialMessage<GrpcTypes.FunctionDescriptor> {
  return {
    name: signature.name,
    visibility: VISIBILITY[signature.visibility],
    isEntry: signature.isEntry,
    typeParameters: signature.typeParameters.map((constraints) => ({
      constraints: constraints.map((ability) => ABILITY[ability]),
    })),
    parameters: signature.parameters.map(renderParameter),
    returns: signature.returns.map(renderParameter),
  };
}

function renderField(
  field: FieldDescriptor,
  position: number,
): PartialMessage<GrpcTypes.FieldDescriptor> {
  return { name: field.name, position, type: renderBody(field.type) };
}

/** A struct or enum descriptor. */
export function renderDatatype(
  datatype: DatatypeDescriptor,
): PartialMessage<GrpcTypes.DatatypeDescriptor> {
  return compact({
    typeName: datatype.typeName,
    definingId: datatype.definingId,
    module: datatype.module,
    name: datatype.name,
    abilities: datatype.abilities.map((ability) => ABILITY[ability]),
    typeParameters: datatype.typeParameters.map(({ constraints, isPhantom }) => ({
      constraints: constraints.map((ability) => ABILITY[ability]),
      isPhantom,
    })),
    kind: datatype.variants === undefined ? DatatypeKind.STRUCT : DatatypeKind.ENUM,
    fields: datatype.fields?.map(renderField),
    variants: datatype.variants?.map((variant, position) => ({
      name: variant.name,
      position,
      fields: variant.fields.map(renderField),
    })),
  });
}

/** A whole package with its descriptors. */
export function renderPackage(record: PackageRecord): PartialMessage<GrpcTypes.Package> {
  return {
    storageId: record.storageId,
    originalId: record.originalId,
    version: record.version,
    modules: record.modules.map((module) => ({
      name: module.name,
      contents: module.bytes,
      datatypes: module.datatypes.map(renderDatatype),
      functions: module.functions.map(renderFunction),
    })),
    typeOrigins: record.typeOrigins.map((origin) => ({
      moduleName: origin.module,
      datatypeName: origin.datatype,
      packageId: origin.package,
    })),
    linkage: record.linkage.map((link) => ({
      originalId: link.originalId,
      upgradedId: link.storageId,
      upgradedVersion: link.version,
    })),
  };
}
