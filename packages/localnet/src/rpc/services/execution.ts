/** TransactionExecutionService: execute and simulate (spec sui-ledger §2.3, §8, §14). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { CommandOutput, CommandValue, LedgerApi, SimulationResult } from '../../ledger/api.ts';
import { RejectedTransaction } from '../../ledger/errors.ts';
import type { UnaryHandler } from '../dispatcher.ts';
import { rejectionStatus } from '../errors.ts';
import { masks, project } from '../masks/project.ts';
import { renderExecuted, renderSimulated } from '../render/executed.ts';
import { protoValue } from '../render/json.ts';
import { renderArgument } from '../render/transaction.ts';
import { completeTransaction, resolveTransaction } from '../resolve/transaction.ts';
import { invalidField, missingField } from '../transport/status.ts';

const Checks = GrpcTypes.SimulateTransactionRequest_TransactionChecks;

/** Most signatures in a request; the ledger wants one or two. */
export const MAX_SIGNATURES = 16;

/** Handlers of TransactionExecutionService over a ledger. */
export function executionService(ledger: LedgerApi) {
  return {
    executeTransaction: executeTransaction(ledger),
    simulateTransaction: simulateTransaction(ledger),
  };
}

function executeTransaction(
  ledger: LedgerApi,
): UnaryHandler<GrpcTypes.ExecuteTransactionRequest, GrpcTypes.ExecuteTransactionResponse> {
  return async (request) => {
    const mask = masks.executed(request.readMask);
    const transaction = completeTransaction(request.transaction);
    if (request.signatures.length > MAX_SIGNATURES) {
      const count = request.signatures.length;
      throw invalidField('signatures', `${count} signatures, limit ${MAX_SIGNATURES}`);
    }
    const signatures = request.signatures.map(signatureBytes);
    try {
      const bytes =
        transaction instanceof Uint8Array
          ? transaction.slice()
          : ledger.encodeTransaction(transaction);
      const record = await ledger.execute(bytes, signatures);
      return { transaction: renderExecuted(record, mask, ledger) };
    } catch (error) {
      if (error instanceof RejectedTransaction) throw rejectionStatus(error, 'execute');
      throw error;
    }
  };
}

/**
 * The serialized form of a signature: its bytes, or the parts of a simple scheme.
 * @throws RpcError INVALID_ARGUMENT
 */
export function signatureBytes(sent: GrpcTypes.UserSignature, index: number): Uint8Array {
  const field = `signatures[${index}]`;
  // A copy: the ledger keeps it, and must not keep the whole request with it.
  if (sent.bcs?.value !== undefined) return sent.bcs.value.slice();
  if (sent.signature.oneofKind === undefined) throw missingField(`${field}.bcs`);
  if (sent.signature.oneofKind !== 'simple') {
    throw invalidField(field, `send ${sent.signature.oneofKind} signatures as bcs bytes`);
  }
  const { scheme, signature, publicKey } = sent.signature.simple;
  if (scheme === undefined) throw missingField(`${field}.simple.scheme`);
  if (signature === undefined) throw missingField(`${field}.simple.signature`);
  if (publicKey === undefined) throw missingField(`${field}.simple.public_key`);
  return new Uint8Array([scheme, ...signature, ...publicKey]);
}

function simulateTransaction(
  ledger: LedgerApi,
): UnaryHandler<GrpcTypes.SimulateTransactionRequest, GrpcTypes.SimulateTransactionResponse> {
  return (request) => {
    const mask = masks.simulated(request.readMask);
    const checks = request.checks === Checks.DISABLED ? 'disabled' : 'enabled';
    const resolved = resolveTransaction(request.transaction, ledger);
    const result = simulate(ledger, {
      ...resolved,
      checks,
      selectGas: request.doGasSelection === true && checks === 'enabled',
    });
    return project(GrpcTypes.SimulateTransactionResponse, mask, {
      transaction: (sub) => renderSimulated(result, sub, ledger),
      commandOutputs: () =>
        result.commandOutputs.map((output) => renderCommandOutput(output, ledger)),
      suggestedGasPrice: () => ledger.info().referenceGasPrice,
    });
  };
}

function simulate(
  ledger: LedgerApi,
  request: Parameters<LedgerApi['simulate']>[0],
): SimulationResult {
  try {
    return ledger.simulate(request);
  } catch (error) {
    if (error instanceof RejectedTransaction) throw rejectionStatus(error, 'simulate');
    throw error;
  }
}

function renderCommandOutput(
  output: CommandOutput,
  ledger: LedgerApi,
): PartialMessage<GrpcTypes.CommandResult> {
  return {
    returnValues: output.returnValues.map((value) => renderValue(value, ledger)),
    mutatedByRef: output.mutatedByRef.map((changed) => ({
      argument: renderArgument(changed.argument),
      ...renderValue(changed, ledger),
    })),
  };
}

function renderValue(
  { type, value }: CommandValue,
  ledger: LedgerApi,
): PartialMessage<GrpcTypes.CommandOutput> {
  const json = ledger.json(type, value);
  const rendered = { value: { name: type, value } };
  return json === undefined ? rendered : { ...rendered, json: protoValue(json) };
}
