/** The clients at 1 KiB: encrypting, fetching keys, decrypting with fetched keys. */
import { SealClient as ReferenceClient, SessionKey as ReferenceSession } from '@mysten/seal';
import type { Engine } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { SealClient, SessionKey } from '@seal-ts/sdk';
import {
  approval,
  ClientWorld,
  identityOf,
  PACKAGE,
  USER,
  withKnownResponseKey,
} from './client-world.ts';
import { type Measurement, measurement } from './report.ts';
import { type Contestant, compare, type Rounds } from './sampling.ts';
import type { Plan } from './suite.ts';

const PAYLOAD_BYTES = 1024;
/** Threshold, servers, and how many times as many rounds: what is quick can be done more often. */
const SIZES = [
  [1, 1, 3],
  [2, 3, 2],
  [3, 5, 1],
  [5, 10, 1],
] as const;
const OPERATIONS = ['encrypt', 'fetch', 'decrypt'] as const;
type Operation = (typeof OPERATIONS)[number];
const ENGINES = ['noble', 'mcl'] as const;
const REFERENCE = 'reference';

const QUICK: Rounds = { warmUp: 2, counted: 3 };
const FULL: Rounds = { warmUp: 4, counted: 12 };

/** Measures what is asked for, size by size. */
export async function* clientSuite({ quick, wants }: Plan): AsyncGenerator<Measurement> {
  const engines = { noble: nobleEngine, mcl: await loadMclEngine() };
  for (const [threshold, servers, times] of SIZES) {
    const { warmUp, counted } = quick ? QUICK : FULL;
    const rounds = { warmUp: warmUp * times, counted: counted * times };
    for (const operation of OPERATIONS) {
      const base = `${operation}/${threshold}of${servers}/1KiB`;
      const names = ENGINES.filter((engine) => wants(`${base}/${engine}`));
      if (names.length === 0) continue;
      const world = new ClientWorld(engines.mcl, threshold, servers);
      const setup = { world, threshold, rounds: rounds.warmUp + rounds.counted };
      const contestants = [await reference(operation, setup)];
      for (const name of names) contestants.push(await ours(operation, setup, engines[name]));
      const medians = await compare(contestants, rounds);
      for (const name of names) {
        yield measurement(`${base}/${name}`, 'ms', ms(medians, name), ms(medians, REFERENCE));
      }
    }
  }
}

function ms(medians: ReadonlyMap<string, number>, name: string): number {
  const value = medians.get(name);
  if (value === undefined) throw new RangeError(`${name} was not measured`);
  return value;
}

interface Setup {
  readonly world: ClientWorld;
  readonly threshold: number;
  readonly rounds: number;
}

/** What both clients can do, as far as it is measured here. */
interface Client<Session> {
  encrypt(options: {
    threshold: number;
    packageId: string;
    id: string;
    data: Uint8Array;
  }): Promise<{ encryptedObject: Uint8Array }>;
  fetchKeys(options: {
    ids: string[];
    txBytes: Uint8Array;
    sessionKey: Session;
    threshold: number;
  }): Promise<void>;
  decrypt(options: {
    data: Uint8Array;
    sessionKey: Session;
    txBytes: Uint8Array;
  }): Promise<Uint8Array>;
}

async function reference(operation: Operation, setup: Setup): Promise<Contestant> {
  const { suiClient, configs, fetch } = setup.world;
  const client = new ReferenceClient({ suiClient, serverConfigs: configs, fetch });
  const session = await ReferenceSession.create({ ...sessionOptions, suiClient });
  return contestant(
    REFERENCE,
    operation,
    client,
    withKnownResponseKey(session, nobleEngine),
    setup,
  );
}

async function ours(operation: Operation, setup: Setup, engine: Engine): Promise<Contestant> {
  const { suiClient, configs, fetch } = setup.world;
  const client = new SealClient({ suiClient, serverConfigs: configs, fetch, engine });
  const session = await SessionKey.create({ ...sessionOptions, suiClient });
  return contestant(engine.name, operation, client, withKnownResponseKey(session, engine), setup);
}

const sessionOptions = {
  address: USER.toSuiAddress(),
  packageId: PACKAGE,
  ttlMin: 30,
  signer: USER,
};

/** Everything but the operation itself is prepared here. */
async function contestant<Session>(
  name: string,
  operation: Operation,
  client: Client<Session>,
  sessionKey: Session,
  setup: Setup,
): Promise<Contestant> {
  const { world, threshold } = setup;
  const data = new Uint8Array(PAYLOAD_BYTES).fill(0x5e);
  const encrypt = (id: string) => client.encrypt({ threshold, packageId: PACKAGE, id, data });
  if (operation === 'encrypt') {
    return { name, run: async (round) => void (await encrypt(identityOf(round))) };
  }
  const prepared = await Promise.all(
    Array.from({ length: setup.rounds }, async (_, round) => {
      const id = identityOf(round);
      return { id, txBytes: await approval(id), answers: world.answersFor(id) };
    }),
  );
  const at = (round: number) => prepared[round] as (typeof prepared)[number];
  const fetchKeys = async (round: number) => {
    const { id, txBytes, answers } = at(round);
    world.serve(answers);
    await client.fetchKeys({ ids: [id], txBytes, sessionKey, threshold });
  };
  if (operation === 'fetch') return { name, run: fetchKeys };
  const { id, txBytes } = at(0);
  const { encryptedObject } = await encrypt(id);
  await fetchKeys(0);
  return {
    name,
    run: async () => {
      const plain = await client.decrypt({ data: encryptedObject, sessionKey, txBytes });
      if (plain.length !== PAYLOAD_BYTES) throw new RangeError(`${name} decrypted wrongly`);
    },
  };
}
