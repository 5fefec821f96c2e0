/** sui-ledger §9.1: every failure as the official client shows it; numbers against the BCS tags. */
import type { GrpcTypes } from '@mysten/sui/grpc';
import { base58 } from '@scure/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandArgumentErrorKind, FailureKind } from '../../src/ledger/api.ts';
import {
  COMMAND_ARGUMENT_ERRORS,
  FAILURE_KINDS,
  PACKAGE_UPGRADE_ERRORS,
} from '../../src/ledger/bcs/effects.ts';
import { renderStatus } from '../../src/rpc/render/execution-error.ts';
import { ALICE, id, PACKAGE } from './support/values.ts';
import { populated, serve, type World } from './support/world.ts';

let world: World;
let bytes: Uint8Array;
beforeAll(async () => {
  world = await serve(populated());
  bytes = world.ledger.encodeTransaction({
    kind: { kind: 'programmable', inputs: [], commands: [] },
    sender: ALICE,
    gasData: { payment: [], owner: ALICE, price: 1000n, budget: 1n },
    expiration: { kind: 'none' },
  });
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

/** The error as the client reads it. */
async function seen(error: FailureKind, description = 'what happened') {
  world.ledger.status = { success: false, error, command: 2, description };
  const result = await world.client.simulateTransaction({
    transaction: bytes,
    include: { effects: true },
  });
  expect(result.FailedTransaction!.effects!.status).toEqual(result.FailedTransaction!.status);
  return result.FailedTransaction!.status.error!;
}

const location = {
  package: PACKAGE,
  module: 'm',
  function: 3,
  instruction: 14,
  functionName: 'check',
};
const size = { size: 5n, maxSize: 4n };

/** One value of every kind, with the client's name for it. */
const FAILURES: [FailureKind, string][] = [
  ...(
    [
      'InsufficientGas',
      'InvalidGasObject',
      'InvariantViolation',
      'FeatureNotYetSupported',
      'InsufficientCoinBalance',
      'CoinBalanceOverflow',
      'PublishErrorNonZeroAddress',
      'SuiMoveVerificationError',
      'VMVerificationOrDeserializationError',
      'VMInvariantViolation',
      'FunctionNotFound',
      'ArityMismatch',
      'TypeArityMismatch',
      'NonEntryFunctionInvoked',
      'InvalidTransferObject',
      'PublishUpgradeMissingDependency',
      'PublishUpgradeDependencyDowngrade',
      'CertificateDenied',
      'SuiMoveVerificationTimedout',
      'SharedObjectOperationNotAllowed',
      'InputObjectDeleted',
      'ExecutionCancelledDueToRandomnessUnavailable',
      'InvalidLinkage',
      'InsufficientFundsForWithdraw',
    ] as const
  ).map((kind): [FailureKind, string] => [{ kind }, 'Unknown']),
  [{ kind: 'MoveObjectTooBig', ...size }, 'SizeError'],
  [{ kind: 'MovePackageTooBig', ...size }, 'SizeError'],
  [{ kind: 'EffectsTooLarge', ...size }, 'SizeError'],
  [{ kind: 'WrittenObjectsTooLarge', ...size }, 'SizeError'],
  [{ kind: 'MoveVectorElemTooBig', ...size }, 'SizeError'],
  [{ kind: 'MoveRawValueTooBig', ...size }, 'SizeError'],
  [{ kind: 'CircularObjectOwnership', objectId: id(5) }, 'ObjectIdError'],
  [{ kind: 'NonExclusiveWriteInputObjectModified', objectId: id(5) }, 'ObjectIdError'],
  [{ kind: 'MovePrimitiveRuntimeError', location: undefined }, 'Unknown'],
  [{ kind: 'MovePrimitiveRuntimeError', location }, 'MoveAbort'],
  [{ kind: 'MoveAbort', location, code: 7n, clever: undefined }, 'MoveAbort'],
  [
    { kind: 'CommandArgumentError', argument: 1, error: { kind: 'TypeMismatch' } },
    'CommandArgumentError',
  ],
  [{ kind: 'TypeArgumentError', argument: 1, error: 'TypeNotFound' }, 'TypeArgumentError'],
  [{ kind: 'UnusedValueWithoutDrop', result: 1, secondary: 2 }, 'IndexError'],
  [{ kind: 'InvalidPublicFunctionReturnType', index: 1 }, 'IndexError'],
  [{ kind: 'PackageUpgradeError', error: { kind: 'IncompatibleUpgrade' } }, 'PackageUpgradeError'],
  [
    { kind: 'ExecutionCancelledDueToSharedObjectCongestion', objectIds: [id(1)] },
    'CongestedObjects',
  ],
  [{ kind: 'AddressDeniedForCoin', address: ALICE, coinType: '0x1::a::B' }, 'CoinDenyListError'],
  [{ kind: 'CoinTypeGlobalPause', coinType: '0x1::a::B' }, 'CoinDenyListError'],
];

describe('every failure', () => {
  it('is in the table of this test', () => {
    expect(new Set(FAILURES.map(([error]) => error.kind))).toEqual(new Set(FAILURE_KINDS));
  });

  it.each(FAILURES.map(([error, kind]) => [error.kind, error, kind] as const))(
    '%s has its number, description and kind',
    async (name, error, kind) => {
      const rendered = renderStatus({ success: false, error, command: 2, description: 'text' });
      expect(rendered.error?.kind).toBe(FAILURE_KINDS.indexOf(name) + 1);
      expect(rendered.error?.description).toBe('text');
      expect(rendered.error?.command).toBe(2n);
      const client = await seen(error);
      expect(client.$kind).toBe(kind);
      if (kind !== 'MoveAbort') expect(client.message).toBe('what happened');
    },
  );

  it('has a description even when the ledger gives none', async () => {
    const error = await seen({ kind: 'InsufficientGas' }, '');
    expect(error.message).toBe('InsufficientGas');
  });

  it('leaves the command unset when the whole transaction failed', () => {
    const status = { success: false, command: undefined, description: 'x' } as const;
    const rendered = renderStatus({ ...status, error: { kind: 'InsufficientGas' } });
    expect(rendered.error).not.toHaveProperty('command');
  });
});

describe('aborts', () => {
  it('carry location and code', async () => {
    const error = await seen({ kind: 'MoveAbort', location, code: 7n, clever: undefined });
    expect(error.message).toBe(
      `MoveAbort in 3rd command, abort code: 7, in '${PACKAGE}::m::check' (instruction 14)`,
    );
    expect(error.MoveAbort).toMatchObject({ abortCode: '7', location: { package: PACKAGE } });
  });

  it('carry clever errors, rendered or raw', async () => {
    const clever = {
      errorCode: 4,
      lineNumber: 20,
      constantName: 'ENoAccess',
      constantType: 'vector<u8>',
      rendered: 'No access',
      raw: undefined,
    };
    const rendered = await seen({ kind: 'MoveAbort', location, code: 1n << 63n, clever });
    expect(rendered.message).toBe(
      `MoveAbort in 3rd command, 'ENoAccess': No access, in '${PACKAGE}::m::check' (line 20)`,
    );
    expect(rendered.MoveAbort?.cleverError).toMatchObject({
      errorCode: 4,
      lineNumber: 20,
      constantName: 'ENoAccess',
      value: 'No access',
    });
    const raw = await seen({
      kind: 'MoveAbort',
      location,
      code: 1n << 63n,
      clever: { ...clever, rendered: undefined, raw: Uint8Array.of(1, 2) },
    });
    expect(raw.MoveAbort?.cleverError?.value).toBe('AQI=');
  });
});

describe('argument errors', () => {
  const values: Record<string, object> = {
    IndexOutOfBounds: { index: 9 },
    SecondaryIndexOutOfBounds: { result: 8, secondary: 9 },
    InvalidResultArity: { result: 9 },
  };
  it.each(COMMAND_ARGUMENT_ERRORS.map((kind, tag) => [kind, tag] as const))(
    '%s has its number',
    async (kind, tag) => {
      const error = { kind, ...values[kind] } as CommandArgumentErrorKind;
      const { error: rendered } = renderStatus({
        success: false,
        error: { kind: 'CommandArgumentError', argument: 4, error },
        command: 0,
        description: 'x',
      });
      const details = rendered?.errorDetails as Extract<
        GrpcTypes.ExecutionError['errorDetails'],
        { oneofKind: 'commandArgumentError' }
      >;
      expect(details.commandArgumentError).toMatchObject({ argument: 4, kind: tag + 1 });
      expect(details.commandArgumentError.indexError === undefined).toBe(!(kind in values));
      const shown = await seen({ kind: 'CommandArgumentError', argument: 4, error });
      expect(shown.CommandArgumentError?.argument).toBe(4);
      expect(shown.CommandArgumentError?.name).not.toBe('Unknown');
    },
  );

  it('name the index that is out of bounds', () => {
    const index = (error: CommandArgumentErrorKind) =>
      renderStatus({
        success: false,
        error: { kind: 'CommandArgumentError', argument: 0, error },
        command: 0,
        description: 'x',
      }).error?.errorDetails;
    expect(index({ kind: 'SecondaryIndexOutOfBounds', result: 8, secondary: 9 })).toMatchObject({
      commandArgumentError: { indexError: { index: 8, subresult: 9 } },
    });
    expect(index({ kind: 'IndexOutOfBounds', index: 7 })).toMatchObject({
      commandArgumentError: { indexError: { index: 7 } },
    });
  });
});

describe('upgrade errors', () => {
  const digest = new Uint8Array(32).fill(3);
  it.each([
    [{ kind: 'UnableToFetchPackage', packageId: id(1) }, { packageId: id(1) }],
    [{ kind: 'NotAPackage', objectId: id(2) }, { packageId: id(2) }],
    [{ kind: 'IncompatibleUpgrade' }, {}],
    [{ kind: 'DigestDoesNotMatch', digest }, { digest: base58.encode(digest) }],
    [{ kind: 'UnknownUpgradePolicy', policy: 9 }, { policy: 9 }],
    [
      { kind: 'PackageIDDoesNotMatch', packageId: id(1), ticketId: id(2) },
      { packageId: id(1), ticketId: id(2) },
    ],
  ] as const)('%j', (error, expected) => {
    const rendered = renderStatus({
      success: false,
      error: { kind: 'PackageUpgradeError', error },
      command: 0,
      description: 'x',
    });
    expect(rendered.error?.errorDetails).toMatchObject({
      packageUpgradeError: { kind: PACKAGE_UPGRADE_ERRORS.indexOf(error.kind) + 1, ...expected },
    });
  });
});
