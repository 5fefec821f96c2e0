/**
 * The simulation request of a policy evaluation (seal-protocol.md §4.7, sui-ledger.md §8.1): the
 * transaction as a message without `bcs`, and with version and digest left out of every input, so
 * that the node resolves objects at their latest version and nothing the caller claims counts.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import {
  decodePtb,
  formatTypeTag,
  normalizeAddress,
  type PtbArgument,
  type PtbCommand,
  type PtbInput,
} from '@seal-ts/protocol';
import { ChainError } from './errors.ts';
import { malformedIfInvalid } from './object-bcs.ts';
import type { MoveAbort, SimulationOutcome, SimulationRequest } from './server-chain.ts';

const { Argument_ArgumentKind: ArgumentKind, Input_InputKind: InputKind } = GrpcTypes;

/** What a simulation asks back, exactly. */
export const SIMULATION_MASK = ['transaction.effects.status', 'transaction.effects.gas_used'];

export function simulationRequest(
  request: SimulationRequest,
): GrpcTypes.SimulateTransactionRequest {
  const ptb = malformedIfInvalid('ptb', () => decodePtb(request.ptb));
  const sender = normalizeAddress(request.sender);
  return GrpcTypes.SimulateTransactionRequest.create({
    transaction: {
      kind: {
        kind: GrpcTypes.TransactionKind_Kind.PROGRAMMABLE_TRANSACTION,
        data: {
          oneofKind: 'programmableTransaction',
          programmableTransaction: {
            inputs: ptb.inputs.map(inputMessage),
            commands: ptb.commands.map(commandMessage),
          },
        },
      },
      sender,
      gasPayment: {
        objects: [],
        owner: sender,
        price: request.gasPrice,
        budget: request.gasBudget,
      },
    },
    readMask: { paths: SIMULATION_MASK },
  });
}

/** Reads the node's answer. Error: MALFORMED when a required field is missing. */
export function simulationOutcome(
  response: GrpcTypes.SimulateTransactionResponse,
): SimulationOutcome {
  const effects = response.transaction?.effects;
  const status = effects?.status;
  if (status?.success === undefined && status?.error === undefined) {
    throw new ChainError('MALFORMED', 'simulate: the node sent no execution status');
  }
  if (status.error === undefined && status.success) {
    const computationCost = effects?.gasUsed?.computationCost;
    if (computationCost === undefined) {
      throw new ChainError('MALFORMED', 'simulate: the node sent no gas usage');
    }
    return { ok: true, computationCost };
  }
  return failure(status.error);
}

function failure(error: GrpcTypes.ExecutionError | undefined): SimulationOutcome {
  const kind = GrpcTypes.ExecutionError_ExecutionErrorKind[error?.kind ?? 0] ?? 'UNKNOWN';
  const description = error?.description || pascalCase(kind);
  const abort = moveAbort(error);
  return abort === undefined
    ? { ok: false, kind, description }
    : { ok: false, kind, description, abort };
}

function moveAbort(error: GrpcTypes.ExecutionError | undefined): MoveAbort | undefined {
  if (error?.errorDetails.oneofKind !== 'abort') return undefined;
  const { abortCode, location, cleverError } = error.errorDetails.abort;
  if (abortCode === undefined || location?.package === undefined) return undefined;
  return {
    package: normalizeAddress(location.package),
    module: location.module ?? '',
    function: location.functionName,
    code: abortCode,
    constantName: cleverError?.constantName,
  };
}

/** `MOVE_ABORT` → `MoveAbort`, the text servers show when a node gives no description. */
function pascalCase(kind: string): string {
  return kind
    .toLowerCase()
    .replace(/(^|_)([a-z0-9])/g, (_, _separator: string, letter: string) => letter.toUpperCase());
}

function inputMessage(input: PtbInput): GrpcTypes.Input {
  switch (input.kind) {
    case 'pure':
      return { kind: InputKind.PURE, pure: input.bytes };
    case 'immutableOrOwned':
      return { kind: InputKind.IMMUTABLE_OR_OWNED, objectId: input.ref.objectId };
    case 'receiving':
      return { kind: InputKind.RECEIVING, objectId: input.ref.objectId };
    case 'shared':
      return {
        kind: InputKind.SHARED,
        objectId: input.objectId,
        mutable: input.mutability !== 'immutable',
      };
    case 'fundsWithdrawal':
      return { kind: InputKind.FUNDS_WITHDRAWAL, fundsWithdrawal: withdrawalMessage(input) };
  }
}

function withdrawalMessage(
  input: Extract<PtbInput, { kind: 'fundsWithdrawal' }>,
): GrpcTypes.FundsWithdrawal {
  const Source = GrpcTypes.FundsWithdrawal_Source;
  const common = { amount: input.maxAmount, coinType: formatTypeTag(input.coinType) };
  const { from } = input;
  if (from.kind !== 'senderAllowance') {
    return { ...common, source: from.kind === 'sender' ? Source.SENDER : Source.SPONSOR };
  }
  const { funder, allowance } = from;
  return { ...common, source: Source.SENDER_ALLOWANCE, funder, allowance };
}

function commandMessage(command: PtbCommand): GrpcTypes.Command {
  if (command.kind !== 'moveCall') {
    // Validation lets Move calls through and nothing else (§4.6).
    throw new ChainError('INVALID_ARGUMENT', `simulate: ${command.kind} is not a Move call`);
  }
  return {
    command: {
      oneofKind: 'moveCall',
      moveCall: {
        package: command.package,
        module: command.module,
        function: command.function,
        typeArguments: command.typeArguments.map(formatTypeTag),
        arguments: command.arguments.map(argumentMessage),
      },
    },
  };
}

function argumentMessage(argument: PtbArgument): GrpcTypes.Argument {
  switch (argument.kind) {
    case 'gasCoin':
      return { kind: ArgumentKind.GAS };
    case 'input':
      return { kind: ArgumentKind.INPUT, input: argument.index };
    case 'result':
      return { kind: ArgumentKind.RESULT, result: argument.index };
    case 'nestedResult':
      return {
        kind: ArgumentKind.RESULT,
        result: argument.index,
        subresult: argument.subIndex,
      };
  }
}
