/** SignatureVerificationService (spec sui-ledger §2.3, §13). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { LedgerWriter, SignatureScope } from '../../ledger/api.ts';
import { addressField, quote } from '../arguments.ts';
import type { UnaryHandler } from '../dispatcher.ts';
import { invalidField, missingField } from '../transport/status.ts';

const SCOPES: Readonly<Record<string, SignatureScope>> = {
  PersonalMessage: 'personalMessage',
  TransactionData: 'transaction',
};

/** Handlers of SignatureVerificationService over a ledger. */
export function signatureService(ledger: Pick<LedgerWriter, 'verifySignature'>) {
  return { verifySignature: verifySignature(ledger) };
}

function verifySignature(
  ledger: Pick<LedgerWriter, 'verifySignature'>,
): UnaryHandler<GrpcTypes.VerifySignatureRequest, GrpcTypes.VerifySignatureResponse> {
  return async (request) => {
    const { message, signature } = request;
    if (message === undefined) throw missingField('message');
    if (message.value === undefined) throw missingField('message.value');
    const name = message.name ?? '';
    const scope = Object.hasOwn(SCOPES, name) ? SCOPES[name] : undefined;
    if (scope === undefined) {
      throw invalidField(
        'message.name',
        `invalid message.name: expected ${Object.keys(SCOPES).join(' or ')}, got '${quote(name)}'`,
      );
    }
    if (signature?.bcs?.value === undefined) throw missingField('signature.bcs.value');
    const verdict = await ledger.verifySignature({
      scope,
      message: message.value,
      signature: signature.bcs.value,
      address: request.address === undefined ? undefined : addressField('address', request.address),
    });
    switch (verdict.kind) {
      case 'valid':
        return { isValid: true };
      case 'invalid':
        return { isValid: false, reason: verdict.reason };
      case 'unparseable':
        throw invalidField('signature', `invalid signature: ${verdict.reason}`);
    }
  };
}
