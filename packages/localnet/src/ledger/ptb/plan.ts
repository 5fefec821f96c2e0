/**
 * A type-checked programmable transaction (sui-ledger.md §6.2): what `typing.ts` makes, `verify.ts`
 * refines and checks, and `interpreter.ts` runs.
 *
 * Every value a command can use has a location, a small integer: the gas coin, each object input,
 * each (pure input, type) pair, each receiving input, each result.
 */
import type { LoadedInput } from '../checks/inputs.ts';
import type { Argument } from '../types/transaction.ts';
import type { LoadedFunction, MoveType, Slot } from '../vm.ts';

/** Location of the gas coin. */
export const GAS_LOCATION = 0;

export type LocationOrigin =
  | { readonly kind: 'gasCoin' }
  | { readonly kind: 'object'; readonly input: Extract<LoadedInput, { kind: 'object' }> }
  | { readonly kind: 'pure'; readonly bytes: Uint8Array }
  | { readonly kind: 'receiving'; readonly input: Extract<LoadedInput, { kind: 'receiving' }> }
  | { readonly kind: 'result'; readonly command: number; readonly index: number };

export interface Location {
  /** The value, from when it is known; pure inputs are read while the plan is verified. */
  slot: Slot | undefined;
  readonly type: MoveType;
  readonly origin: LocationOrigin;
  /** Some command uses it. */
  used: boolean;
  /** Command and argument position where bytes were first read as this type. */
  readonly firstUse: { readonly command: number; readonly position: number } | undefined;
}

export type UsageMode = 'move' | 'copy' | 'borrow' | 'borrowMut';

/** One argument of one command. */
export interface Usage {
  readonly location: number;
  mode: UsageMode;
  /** Position in the command's error numbering. */
  readonly position: number;
  readonly argument: Argument;
}

export type PlannedCommand =
  | {
      readonly kind: 'moveCall';
      readonly function: LoadedFunction;
      /** Type parameters of the call as given, for messages. */
      readonly arguments: readonly Usage[];
      /** For each parameter: a user argument, or the transaction context. */
      readonly parameters: readonly (Usage | 'txContext')[];
    }
  | {
      readonly kind: 'transferObjects';
      readonly objects: readonly Usage[];
      readonly address: Usage;
      readonly arguments: readonly Usage[];
    }
  | {
      readonly kind: 'splitCoins';
      readonly coin: Usage;
      readonly amounts: readonly Usage[];
      readonly coinType: MoveType;
      readonly arguments: readonly Usage[];
    }
  | {
      readonly kind: 'mergeCoins';
      readonly target: Usage;
      readonly sources: readonly Usage[];
      readonly arguments: readonly Usage[];
    }
  | {
      readonly kind: 'makeMoveVec';
      readonly elementType: MoveType;
      readonly arguments: readonly Usage[];
    }
  | {
      readonly kind: 'publish';
      readonly modules: readonly Uint8Array[];
      readonly dependencies: readonly string[];
      readonly arguments: readonly Usage[];
    }
  | {
      readonly kind: 'upgrade';
      readonly modules: readonly Uint8Array[];
      readonly dependencies: readonly string[];
      readonly package: string;
      readonly ticket: Usage;
      readonly arguments: readonly Usage[];
    };

export interface Plan {
  readonly locations: readonly Location[];
  readonly commands: readonly PlannedCommand[];
  /** For each command the locations of its results. */
  readonly results: readonly (readonly number[])[];
}
