/** The union of everything the SDK throws on purpose, so that a `switch` on `code` narrows. */
import type * as api from './api.ts';
import { hasSealCode } from './base.ts';
import type * as user from './user.ts';

export type AnySealError =
  | api.DeprecatedSDKVersionError
  | api.ExpiredSessionKeyError
  | api.GeneralError
  | api.InternalError
  | api.InvalidKeyServerObjectIdError
  | api.InvalidMVRNameError
  | api.InvalidPTBError
  | api.InvalidPackageError
  | api.InvalidParameterError
  | api.InvalidSDKTypeError
  | api.InvalidSDKVersionError
  | api.InvalidSessionKeySignatureError
  | api.InvalidUserSignatureError
  | api.NoAccessError
  | api.UnsupportedPackageIdError
  | user.DecryptionError
  | user.InconsistentKeyServersError
  | user.InvalidCiphertextError
  | user.InvalidClientOptionsError
  | user.InvalidGetObjectError
  | user.InvalidKeyServerError
  | user.InvalidKeyServerVersionError
  | user.InvalidPersonalMessageSignatureError
  | user.InvalidThresholdError
  | user.TooManyFailedFetchKeyRequestsError
  | user.UnsupportedFeatureError
  | user.UnsupportedNetworkError
  | (user.UserError & { readonly code: 'SEAL_INVALID_ARGUMENT' });

/** True for every error this package throws on purpose, also from a duplicate install. */
export function isSealError(error: unknown): error is AnySealError {
  return hasSealCode(error);
}
