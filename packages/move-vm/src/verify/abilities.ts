/**
 * Abilities of types. Source: move-vm.md §2.
 */
import { ABILITY, type CompiledModule, type SignatureToken } from '../binary/module.ts';

const { copy, drop, store, key } = ABILITY;

export const PRIMITIVE_ABILITIES = copy | drop | store;
export const VECTOR_ABILITIES = copy | drop | store;
export const REFERENCE_ABILITIES = copy | drop;
export const SIGNER_ABILITIES = drop;

/** The abilities of a container that an argument with `abilities` lets it keep: key needs store. */
export function keptBy(abilities: number): number {
  return (abilities & (copy | drop | store)) | ((abilities & store) !== 0 ? key : 0);
}

/** What a container with `abilities` asks of its contents: copy, drop, store; store for key. */
export function askedOfContents(abilities: number): number {
  return (abilities & (copy | drop | store)) | ((abilities & key) !== 0 ? store : 0);
}

/** Abilities of `token` where type parameter `i` has `parameters[i]`. */
export function abilitiesOf(
  module: CompiledModule,
  token: SignatureToken,
  parameters: readonly number[],
): number {
  switch (token.kind) {
    case 'vector':
      return VECTOR_ABILITIES & keptBy(abilitiesOf(module, token.element, parameters));
    case 'reference':
      return REFERENCE_ABILITIES;
    case 'typeParameter':
      return parameters[token.index]!;
    case 'signer':
      return SIGNER_ABILITIES;
    case 'datatype': {
      const handle = module.datatypeHandles[token.handle]!;
      let abilities = handle.abilities;
      token.typeArgs.forEach((argument, i) => {
        if (handle.typeParameters[i]!.phantom) return;
        abilities &= keptBy(abilitiesOf(module, argument, parameters));
      });
      return abilities;
    }
    default:
      return PRIMITIVE_ABILITIES;
  }
}

const ABILITY_NAMES = ['copy', 'drop', 'store', 'key'];

/** `copy + drop`; `none` for the empty set. */
export function abilityNames(abilities: number): string {
  const names = ABILITY_NAMES.filter((_, bit) => (abilities & (1 << bit)) !== 0);
  return names.length === 0 ? 'none' : names.join(' + ');
}
