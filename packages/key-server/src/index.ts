/** The Seal key server as a library: the app, its configuration and its master keys. */
export {
  type KeyServerDeps,
  type KeyServerOptions,
  keyServer,
  MAX_REQUESTS_IN_FLIGHT,
  REQUEST_TIMEOUT_MS,
} from './app.ts';
export { type LoadedSettings, loadSettings, type Settings } from './config/settings.ts';
export { GasPrice, type GasPriceDeps, type GasPriceOptions } from './gas-price.ts';
export { MasterKey } from './keys/master-key.ts';
export { type MasterKeys, openMasterKeys } from './keys/master-keys.ts';
export { type ClientKey, permissionedMasterKeys } from './keys/permissioned.ts';
export { createMetrics, type KeyServerMetrics } from './metrics.ts';
export type { MvrResolver } from './mvr/names.ts';
export { mvrResolver } from './mvr/resolve.ts';
export { type RunningServer, type StartDeps, startKeyServer } from './server.ts';
