/** The embedded Sui-compatible ledger: start one in process, or serve a ledger of your own. */
export type { LedgerApi, LedgerOptions } from './ledger/api.ts';
export type { DevAccount } from './rpc/accounts.ts';
export type { DevRegistry } from './rpc/registry.ts';
export { type Served, type ServeOptions, serveLedger } from './rpc/stack.ts';
export {
  type Localnet,
  LocalnetOptionError,
  type LocalnetOptions,
  startLocalnet,
} from './rpc/start.ts';
export { ListenError } from './rpc/transport/http-server.ts';
