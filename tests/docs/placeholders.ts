/** What the documents leave to their readers, as globals of the snippets. */
import type { Signer } from '@mysten/sui/cryptography';
import type { SessionKey } from '@seal-ts/sdk';

declare global {
  const address: string;
  const allowlist: string;
  const data: Uint8Array;
  const id: string;
  const idBytes: Uint8Array;
  const keyServers: string[];
  /** `.seal-dev/manifest.json`. */
  // biome-ignore lint/suspicious/noExplicitAny: read from a file, as the readers do
  const manifest: any;
  const packageId: string;
  const sessionKey: SessionKey;
  const signer: Signer;
  const txBytes: Uint8Array;
}
