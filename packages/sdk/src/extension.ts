/** `client.$extend(seal({ serverConfigs }))` gives `client.seal`. */
import { SealClient } from './client.ts';
import type { SealClientOptions, SealCompatibleClient } from './types.ts';

export interface SealExtensionOptions<Name extends string>
  extends Omit<SealClientOptions, 'suiClient'> {
  /** Property name on the client. Default `seal`. */
  name?: Name;
}

/** Adds Seal to an official Sui client. */
export function seal<const Name extends string = 'seal'>({
  name = 'seal' as Name,
  ...options
}: SealExtensionOptions<Name>): {
  name: Name;
  register: (client: SealCompatibleClient) => SealClient;
} {
  return { name, register: (client) => new SealClient({ suiClient: client, ...options }) };
}
