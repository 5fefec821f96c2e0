/**
 * Public scalars of 16 bits, such as share indices: engines multiply by them with a few doublings
 * and additions, without the tables that pay off for large ones.
 */

import { SCALAR_BYTES } from './engine.ts';

/** The value of a canonical scalar below 2^16; undefined for larger ones. */
export function smallScalarValue(scalar: Uint8Array): number | undefined {
  for (let i = 0; i < SCALAR_BYTES - 2; i++) if (scalar[i] !== 0) return undefined;
  return (scalar[SCALAR_BYTES - 2]! << 8) | scalar[SCALAR_BYTES - 1]!;
}
