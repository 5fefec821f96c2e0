/**
 * Puts `{seal}::time::check_staleness(now, allowed, clock)` in front of a request's commands, so
 * that a node which lags behind cannot approve on old state (seal-protocol.md §4.7).
 */
import { encodeBcs } from '../bcs/writer.ts';
import { CLOCK_INITIAL_VERSION, CLOCK_OBJECT_ID } from '../constants.ts';
import { normalizeAddress } from '../encoding.ts';
import { SealServerError } from '../server-errors.ts';
import type { MoveCall, Ptb, PtbCommand, PtbInput } from './types.ts';
import { PTB_REFUSAL } from './validate.ts';

/** Inputs are addressed by 16 bits. */
export const MAX_PTB_INPUTS = 0x1_0000;

export interface StalenessCheck {
  /** Latest id of package `seal` on this network. */
  readonly sealPackage: string;
  /** Server time, ms since epoch. */
  readonly nowMs: bigint;
  readonly allowedStalenessMs: bigint;
}

/**
 * New inputs go to the end (now, allowed, then the clock unless the transaction has it already), so
 * no input index changes. The commands of a valid request refer to inputs only, never to results.
 * Throws SealServerError `InvalidPTB` when there is no room for the new inputs.
 */
export function insertStalenessCheck(ptb: Ptb, check: StalenessCheck): Ptb {
  const inputs = [...ptb.inputs, pureU64(check.nowMs), pureU64(check.allowedStalenessMs)];
  let clock = ptb.inputs.findIndex(
    (input) => input.kind === 'shared' && input.objectId === CLOCK_OBJECT_ID,
  );
  if (clock < 0) {
    clock = inputs.length;
    inputs.push({
      kind: 'shared',
      objectId: CLOCK_OBJECT_ID,
      initialSharedVersion: CLOCK_INITIAL_VERSION,
      mutability: 'immutable',
    });
  }
  if (inputs.length > MAX_PTB_INPUTS) {
    throw new SealServerError('InvalidPTB', PTB_REFUSAL.outOfBounds);
  }
  const call: MoveCall = {
    kind: 'moveCall',
    package: normalizeAddress(check.sealPackage),
    module: 'time',
    function: 'check_staleness',
    typeArguments: [],
    arguments: [ptb.inputs.length, ptb.inputs.length + 1, clock].map((index) => ({
      kind: 'input',
      index,
    })),
  };
  const commands: PtbCommand[] = [call, ...ptb.commands];
  return { inputs, commands };
}

function pureU64(value: bigint): PtbInput {
  return { kind: 'pure', bytes: encodeBcs((w) => w.u64(value)) };
}
