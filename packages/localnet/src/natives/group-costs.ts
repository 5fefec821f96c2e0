/** Gas units of group operations at protocol 118, by type code 0–4. Source: move-vm.md §6.4. */
export const GROUP_COST = {
  /** scalar, G1, G2, GT, uncompressed G1 */
  decode: [7, 2848, 3770, 3098, 26],
  add: [10, 1556, 3048, 188, 30],
  mul: [10, 4842, 9108, 27490, 0],
  div: [10, 5091, 9206, 27804, 0],
  hash: [0, 2962, 8688, 0, 0],
  hashPerByte: 2,
  msmBase: [0, 62648, 131192, 0, 0],
  msmPerTerm: [0, 1333, 3216, 0, 0],
  pairing: 26897,
  convert: 100,
  minSigVerify: 44064,
  minPkVerify: 49282,
} as const;
