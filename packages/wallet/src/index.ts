/** The Sui command line's wallet, and transactions on any full node. */

export { commandTexts, type ObjectText } from './describe.ts';
export { messageOf, WalletError, type WalletErrorCode } from './errors.ts';
export { fundFromFaucet } from './faucet.ts';
export { KEY_SCHEMES, type KeyScheme, Keystore, MAX_KEYS } from './keystore.ts';
export * from './transactions.ts';
export { defaultWalletPath, Wallet, type WalletEnvironment } from './wallet.ts';
