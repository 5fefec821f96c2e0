/** Gas units of natives at protocol 118: base, and for each input byte. Source: move-vm.md §6.4. */
export const COST = {
  getter: 30,
  plain: 52,
  perByte: 2,
  fastHash: 10,
  ed25519: 1802,
  secp256k1Verify: 1470,
  secp256k1Recover: 500,
  secp256k1Decompress: 52,
  secp256r1Verify: 4225,
  secp256r1Recover: 1173,
  ecvrf: 4848,
  poseidon: 260,
  poseidonPerInput: 388,
} as const;
