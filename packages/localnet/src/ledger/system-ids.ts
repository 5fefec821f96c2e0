/** Ids of system objects (sui-ledger.md §5), and the sender of system transactions. */
import { systemAddress } from './type-text.ts';

export const ZERO_ADDRESS = systemAddress(0);
export const SYSTEM_STATE_ID = systemAddress(5);
export const CLOCK_ID = systemAddress(6);
export const AUTHENTICATOR_STATE_ID = systemAddress(7);
export const RANDOM_ID = systemAddress(8);
export const ALIAS_STATE_ID = systemAddress(0xa);
export const COIN_REGISTRY_ID = systemAddress(0xc);
