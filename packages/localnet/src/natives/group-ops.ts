/** Natives of `sui::group_ops` and `sui::bls12381`. Source: move-vm.md §6.4, §6.5. */
import { CryptoError, type Engine } from '@seal-ts/crypto';
import {
  bytesOf,
  bytesValue,
  itemsOf,
  type ModuleNatives,
  type NativeContext,
  type NativeFunction,
  smallOf,
  type Value,
} from '@seal-ts/move-vm';
import { GROUP_COST } from './group-costs.ts';
import { GROUP, Groups, InvalidElement, MAX_MSM_TERMS, MAX_SUM_TERMS } from './groups.ts';

const E_INVALID_INPUT = 1;
const E_INPUT_TOO_LONG = 2;

/** Runs a computation; whatever it refuses is the abort "invalid input". */
function computed(context: NativeContext, compute: () => Uint8Array): Value {
  try {
    return bytesValue(compute());
  } catch (error) {
    if (error instanceof InvalidElement || error instanceof CryptoError) {
      context.abort(E_INVALID_INPUT);
    }
    throw error;
  }
}

function charge(context: NativeContext, costs: readonly number[], type: number): void {
  context.charge(costs[type] ?? 0);
}

export function groupOpsNatives(engine: Engine): ModuleNatives {
  const groups = new Groups(engine);

  const binary =
    (
      costs: readonly number[],
      operation: (type: number, a: Uint8Array, b: Uint8Array) => Uint8Array,
    ): NativeFunction =>
    (context, _types, [code, first, second]) => {
      const type = smallOf(code);
      charge(context, costs, type);
      return computed(context, () => operation(type, bytesOf(first), bytesOf(second)));
    };

  return {
    internal_validate(context, _types, [code, bytes]) {
      const type = smallOf(code);
      charge(context, GROUP_COST.decode, type);
      return groups.validate(type, bytesOf(bytes));
    },
    internal_add: binary(GROUP_COST.add, (type, a, b) => groups.group(type).add(a, b)),
    internal_sub: binary(GROUP_COST.add, (type, a, b) => groups.group(type).sub(a, b)),
    internal_mul: binary(GROUP_COST.mul, (type, scalar, e) => groups.group(type).mul(scalar, e)),
    internal_div: binary(GROUP_COST.div, (type, scalar, e) => groups.div(type, scalar, e)),
    internal_pairing: binary([0, GROUP_COST.pairing], (type, p, q) => {
      if (type !== GROUP.g1) throw new InvalidElement('a pairing starts with G1');
      return groups.pairing(p, q);
    }),

    internal_hash_to(context, _types, [code, message]) {
      const type = smallOf(code);
      const bytes = bytesOf(message);
      charge(context, GROUP_COST.hash, type);
      context.charge(GROUP_COST.hashPerByte * bytes.length);
      return computed(context, () => groups.hash(type, bytes));
    },

    internal_multi_scalar_mul(context, _types, [code, scalarBytes, elementBytes]) {
      const type = smallOf(code);
      const scalars = bytesOf(scalarBytes);
      const elements = bytesOf(elementBytes);
      return computed(context, () => {
        const terms = groups.msmTerms(type, scalars, elements);
        if (terms > MAX_MSM_TERMS) context.abort(E_INPUT_TOO_LONG);
        charge(context, GROUP_COST.msmBase, type);
        context.charge(terms * ((GROUP_COST.decode[type] ?? 0) + GROUP_COST.msmPerTerm[type]!));
        return groups.msm(type, scalars, elements);
      });
    },

    internal_convert(context, _types, [from, to, element]) {
      context.charge(GROUP_COST.convert);
      const source = smallOf(from);
      return computed(context, () => groups.convert(source, smallOf(to), bytesOf(element)));
    },

    internal_sum(context, _types, [code, elements]) {
      const type = smallOf(code);
      const items = itemsOf(elements);
      if (type !== GROUP.uncompressedG1) context.abort(E_INVALID_INPUT);
      if (items.length > MAX_SUM_TERMS) context.abort(E_INPUT_TOO_LONG);
      context.charge(GROUP_COST.convert + GROUP_COST.add[type]! * items.length);
      return computed(context, () => groups.sumUncompressed(items.map((item) => bytesOf(item))));
    },
  };
}

export function bls12381Natives(engine: Engine): ModuleNatives {
  const groups = new Groups(engine);
  return {
    bls12381_min_sig_verify(context, _types, [signature, key, message]) {
      const text = bytesOf(message);
      context.charge(GROUP_COST.minSigVerify + GROUP_COST.hashPerByte * text.length);
      return groups.verifyMinSig(bytesOf(signature), bytesOf(key), text);
    },
    bls12381_min_pk_verify(context, _types, [signature, key, message]) {
      const text = bytesOf(message);
      context.charge(GROUP_COST.minPkVerify + GROUP_COST.hashPerByte * text.length);
      return groups.verifyMinPk(bytesOf(signature), bytesOf(key), text);
    },
  };
}
