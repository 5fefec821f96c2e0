/**
 * Recognising framework datatypes by name.
 */
import type { MoveType } from '../vm.ts';

/** True for a datatype of this name in the package with this original id. */
export function isDatatype(type: MoveType, address: string, module: string, name: string): boolean {
  const { definition } = type;
  return (
    definition !== undefined &&
    definition.name === name &&
    definition.module === module &&
    definition.originalId === address
  );
}
