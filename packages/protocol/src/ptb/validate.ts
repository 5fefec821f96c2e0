/**
 * The rules a request's transaction must obey (seal-protocol.md §4.6), in the reference's order,
 * because the order decides which refusal a caller sees. Every refusal is `InvalidPTB`.
 */
import { decodeBcs } from '../bcs/reader.ts';
import { APPROVE_PREFIX, MAX_PTB_COMMANDS } from '../constants.ts';
import { addressToBytes, fromBase64 } from '../encoding.ts';
import { SealServerError } from '../server-errors.ts';
import { decodePtb } from './decode.ts';
import type { MoveCall, Ptb, PtbCommand, PtbInput } from './types.ts';

/** Texts of §4.4; visible to callers. */
export const PTB_REFUSAL = {
  base64: 'Invalid Base64',
  bcs: 'Invalid BCS',
  tooMany: `Too many commands in PTB (more than ${MAX_PTB_COMMANDS})`,
  empty: 'Empty PTB input or command',
  firstCommand: 'Invalid first command',
  notMoveCall: 'Non MoveCall command',
  notInput: 'Only pure inputs are allowed',
  noArguments: 'Empty args',
  firstIndex: 'Invalid index for first argument',
  firstKind: 'Invalid first parameter for seal_approve',
  firstBcs: 'Invalid BCS for first parameter for seal_approve',
  target: 'Invalid function or package id',
  outOfBounds: 'Index out of bounds',
  functionNotFound: 'The seal_approve function was not found on the module',
  noIds: 'Empty key ids',
} as const;

export interface ValidPtb {
  readonly ptb: Ptb;
  /** Canonical BCS; what the request signature covers. */
  readonly bytes: Uint8Array;
  /** Package of every command, any version of the policy package. */
  readonly packageId: string;
  /** One inner id for each command, in command order, duplicates kept. */
  readonly innerIds: readonly Uint8Array[];
}

/** Decodes and validates the request's `ptb` field. Throws SealServerError `InvalidPTB`. */
export function validatePtbBase64(text: string): ValidPtb {
  const bytes = refuseAs(PTB_REFUSAL.base64, () => fromBase64(text));
  return validatePtbBytes(bytes);
}

/** The same from BCS bytes. */
export function validatePtbBytes(bytes: Uint8Array): ValidPtb {
  const ptb = refuseAs(PTB_REFUSAL.bcs, () => decodePtb(bytes));
  return { ptb, bytes, ...validatePtb(ptb) };
}

/** Checks a decoded transaction. */
export function validatePtb(ptb: Ptb): { packageId: string; innerIds: Uint8Array[] } {
  if (ptb.commands.length > MAX_PTB_COMMANDS) throw refuse(PTB_REFUSAL.tooMany);
  const [first] = ptb.commands;
  if (first === undefined || ptb.inputs.length === 0) throw refuse(PTB_REFUSAL.empty);
  if (first.kind !== 'moveCall') throw refuse(PTB_REFUSAL.firstCommand);
  const packageId = first.package;
  const innerIds = ptb.commands.map((command) => checkCommand(command, ptb.inputs, packageId));
  return { packageId, innerIds };
}

/** Full identities: first package id ‖ inner id (§2.1). */
export function fullIds(firstPackageId: string, innerIds: readonly Uint8Array[]): Uint8Array[] {
  const prefix = addressToBytes(firstPackageId);
  return innerIds.map((id) => {
    const full = new Uint8Array(prefix.length + id.length);
    full.set(prefix);
    full.set(id, prefix.length);
    return full;
  });
}

function checkCommand(
  command: PtbCommand,
  inputs: readonly PtbInput[],
  packageId: string,
): Uint8Array {
  if (command.kind !== 'moveCall') throw refuse(PTB_REFUSAL.notMoveCall);
  if (command.arguments.some((argument) => argument.kind !== 'input')) {
    throw refuse(PTB_REFUSAL.notInput);
  }
  const id = innerId(command, inputs);
  if (!command.function.startsWith(APPROVE_PREFIX) || command.package !== packageId) {
    throw refuse(PTB_REFUSAL.target);
  }
  return id;
}

function innerId(call: MoveCall, inputs: readonly PtbInput[]): Uint8Array {
  const [argument] = call.arguments;
  if (argument === undefined) throw refuse(PTB_REFUSAL.noArguments);
  if (argument.kind !== 'input') throw refuse(PTB_REFUSAL.firstIndex);
  const input = inputs[argument.index];
  if (input?.kind !== 'pure') throw refuse(PTB_REFUSAL.firstKind);
  return refuseAs(PTB_REFUSAL.firstBcs, () => decodeBcs(input.bytes, (r) => r.byteVector()));
}

function refuse(detail: string, cause?: unknown): SealServerError {
  return new SealServerError('InvalidPTB', detail, { cause });
}

function refuseAs<T>(detail: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw refuse(detail, cause);
  }
}
