/** Runs inside the browser: one round trip, asked for by the test. */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex } from '@mysten/sui/utils';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { SealClient, SessionKey } from '@seal-ts/sdk';

interface RoundTrip {
  readonly engine: string;
  readonly rpcUrl: string;
  readonly keyServers: readonly string[];
  readonly packageId: string;
  readonly listId: string;
  readonly id: string;
  readonly privateKey: string;
  readonly text: string;
}

async function roundTrip(input: RoundTrip): Promise<string> {
  const suiClient = new SuiGrpcClient({ network: 'localnet', baseUrl: input.rpcUrl });
  const client = new SealClient({
    suiClient,
    serverConfigs: input.keyServers.map((objectId) => ({ objectId, weight: 1 })),
    verifyKeyServers: true,
    engine: input.engine === 'mcl' ? await loadMclEngine() : nobleEngine,
  });
  const { encryptedObject } = await client.encrypt({
    threshold: 2,
    packageId: input.packageId,
    id: input.id,
    data: new TextEncoder().encode(input.text),
  });
  const signer = Ed25519Keypair.fromSecretKey(input.privateKey);
  const sessionKey = await SessionKey.create({
    address: signer.toSuiAddress(),
    packageId: input.packageId,
    ttlMin: 5,
    signer,
    suiClient,
  });
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${input.packageId}::allowlist::seal_approve`,
    arguments: [transaction.pure.vector('u8', fromHex(input.id)), transaction.object(input.listId)],
  });
  const txBytes = await transaction.build({ client: suiClient, onlyTransactionKind: true });
  const opened = await client.decrypt({ data: encryptedObject, sessionKey, txBytes });
  return new TextDecoder().decode(opened);
}

Object.assign(globalThis, { roundTrip });
