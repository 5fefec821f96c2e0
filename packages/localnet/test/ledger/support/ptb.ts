/**
 * Builds programmable transactions for tests, offline and by hand.
 */

import type {
  Argument,
  CallArg,
  Command,
  LedgerObject,
  ProgrammableTransaction,
  SharedMutability,
} from '../../../src/ledger/api.ts';
import { BcsWriter } from '../../../src/ledger/bcs/writer.ts';
import { parseTypeTag } from '../../../src/ledger/vm.ts';

export const GAS: Argument = { kind: 'gasCoin' };

export class Ptb {
  readonly inputs: CallArg[] = [];
  readonly commands: Command[] = [];

  get programmable(): ProgrammableTransaction {
    return { inputs: this.inputs, commands: this.commands };
  }

  #input(input: CallArg): Argument {
    this.inputs.push(input);
    return { kind: 'input', index: this.inputs.length - 1 };
  }

  #command(command: Command): Argument {
    this.commands.push(command);
    return { kind: 'result', index: this.commands.length - 1 };
  }

  pure(bytes: Uint8Array): Argument {
    return this.#input({ kind: 'pure', bytes });
  }
  u64(value: bigint | number): Argument {
    return this.pure(new BcsWriter().u64(BigInt(value)).toBytes());
  }
  address(address: string): Argument {
    return this.pure(new BcsWriter().address(address).toBytes());
  }
  bytes(bytes: Uint8Array): Argument {
    return this.pure(new BcsWriter().bytes(bytes).toBytes());
  }

  /** An owned or immutable object, or a shared one; by its record. */
  object(object: LedgerObject, mutability: SharedMutability = 'mutable'): Argument {
    const { objectId, version, digest, owner } = object;
    if (owner.kind === 'shared') {
      const { initialSharedVersion } = owner;
      return this.#input({ kind: 'shared', objectId, initialSharedVersion, mutability });
    }
    return this.#input({ kind: 'immutableOrOwned', ref: { objectId, version, digest } });
  }
  receiving({ objectId, version, digest }: LedgerObject): Argument {
    return this.#input({ kind: 'receiving', ref: { objectId, version, digest } });
  }
  raw(input: CallArg): Argument {
    return this.#input(input);
  }

  /** @param target `package::module::function` */
  call(target: string, args: readonly Argument[] = [], types: readonly string[] = []): Argument {
    const [pkg, module, name] = target.split('::');
    return this.#command({
      kind: 'moveCall',
      package: pkg!,
      module: module!,
      function: name!,
      typeArguments: types.map(parseTypeTag),
      arguments: args,
    });
  }
  transfer(objects: readonly Argument[], address: Argument): Argument {
    return this.#command({ kind: 'transferObjects', objects, address });
  }
  split(coin: Argument, amounts: readonly Argument[]): Argument {
    return this.#command({ kind: 'splitCoins', coin, amounts });
  }
  merge(target: Argument, sources: readonly Argument[]): Argument {
    return this.#command({ kind: 'mergeCoins', target, sources });
  }
  makeVec(type: string | undefined, elements: readonly Argument[]): Argument {
    const tag = type === undefined ? undefined : parseTypeTag(type);
    return this.#command({ kind: 'makeMoveVec', type: tag, elements });
  }
  publish(modules: readonly Uint8Array[], dependencies: readonly string[]): Argument {
    return this.#command({ kind: 'publish', modules, dependencies });
  }
  upgrade(
    modules: readonly Uint8Array[],
    dependencies: readonly string[],
    pkg: string,
    ticket: Argument,
  ): Argument {
    return this.#command({ kind: 'upgrade', modules, dependencies, package: pkg, ticket });
  }

  static nested(result: Argument, subIndex: number): Argument {
    if (result.kind !== 'result') throw new TypeError('not a result');
    return { kind: 'nestedResult', index: result.index, subIndex };
  }
}
