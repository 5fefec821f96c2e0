/** Whole-object BCS of Move objects and packages, with a tiny real module header. */
import { GrpcTypes } from '@mysten/sui/grpc';
import { addressToBytes, type BcsWriter, encodeBcs } from '@seal-ts/protocol';

/** A Move object whose contents are `contents`. */
export function moveObject(contents: Uint8Array, type: 'other' | 'gas' | 'coin' = 'other') {
  return encodeBcs((w) => {
    w.uleb(0);
    if (type === 'other') w.uleb(0).address('0x2').string('m').string('S').uleb(0);
    if (type === 'gas') w.uleb(1);
    if (type === 'coin') w.uleb(3).uleb(1);
    w.bool(true).u64(7n).byteVector(contents);
    tail(w);
  });
}

export function packageObject(id: string, modules: readonly Uint8Array[], version = 1n) {
  return encodeBcs((w) => {
    w.uleb(1).address(id).u64(version);
    w.vector(modules, (v, module) => v.string('m').byteVector(module));
    w.uleb(0).uleb(0);
    tail(w);
  });
}

/** Header, two module handles, two addresses, self handle 1. */
export function moduleBytes(selfAddress: string): Uint8Array {
  return encodeBcs((w) => {
    w.bytes(Uint8Array.of(0xa1, 0x1c, 0xeb, 0x0b))
      .u32(6)
      .uleb(2);
    w.u8(0x01).uleb(0).uleb(4).u8(0x08).uleb(4).uleb(64);
    w.bytes(Uint8Array.of(0, 0, 1, 0));
    w.bytes(addressToBytes('0x2')).bytes(addressToBytes(selfAddress));
    w.uleb(1);
  });
}

export function withBcs(value: Uint8Array): GrpcTypes.Object {
  return GrpcTypes.Object.create({ bcs: { name: 'Object', value } });
}

function tail(w: BcsWriter): void {
  w.uleb(3).byteVector(new Uint8Array(32)).u64(0n);
}
