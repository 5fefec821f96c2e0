/** A small Move package that touches every corner of the RPC surface, compiled and published. */
import type { Keypair } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import {
  type CompiledPackage,
  compilePackage,
  memoryReader,
  publishPayload,
} from '@seal-ts/move-build';
import { frameworkSources } from '../../../src/framework.ts';

const MANIFEST = `
[package]
name = "sample"
edition = "2024.beta"

[addresses]
sample = "0x0"
`;

const SOURCE = `
module sample::board;

use sui::dynamic_field as df;
use sui::dynamic_object_field as dof;
use sui::event;
use sui::transfer::Receiving;

const EPlain: u64 = 7;
#[error]
const EClever: vector<u8> = b"the door is closed";

public struct Board has key { id: UID, notes: u64 }
public struct Note has key, store { id: UID, text: vector<u8> }
public struct Written has copy, drop { board: ID, text: vector<u8> }

fun init(ctx: &mut TxContext) {
    transfer::share_object(Board { id: object::new(ctx), notes: 0 });
}

public fun write(board: &mut Board, text: vector<u8>) {
    board.notes = board.notes + 1;
    event::emit(Written { board: object::id(board), text });
}

public fun notes(board: &Board): u64 { board.notes }

public fun pin(board: &mut Board, name: u64, text: vector<u8>, ctx: &mut TxContext) {
    dof::add(&mut board.id, name, Note { id: object::new(ctx), text });
    df::add(&mut board.id, name, text);
}

public fun note(text: vector<u8>, ctx: &mut TxContext): Note { Note { id: object::new(ctx), text } }

public fun accept(parent: &mut Note, sent: Receiving<Note>): Note {
    transfer::public_receive(&mut parent.id, sent)
}

public fun plain(open: bool) { assert!(open, EPlain); }
public fun clever(open: bool) { assert!(open, EClever); }

entry fun seal_approve(id: vector<u8>, board: &Board) {
    assert!(id.length() > 0 && board.notes > 0, EPlain);
}
`;

let compiled: Promise<CompiledPackage> | undefined;

/** The compiled package; compiled once for each process. */
export function compileSample(): Promise<CompiledPackage> {
  compiled ??= frameworkSources().then((framework) =>
    compilePackage({
      packagePath: 'sample',
      reader: memoryReader({
        sample: { 'Move.toml': MANIFEST, 'sources/board.move': SOURCE },
      }),
      framework,
      silenceWarnings: true,
    }),
  );
  return compiled;
}

export interface Sample {
  packageId: string;
  boardId: string;
  capId: string;
}

/** Publishes the package; `signer` keeps the upgrade capability. */
export async function publishSample(client: SuiGrpcClient, signer: Keypair): Promise<Sample> {
  const payload = publishPayload(await compileSample());
  const tx = new Transaction();
  const cap = tx.publish({
    modules: payload.modules.map((module) => [...module]),
    dependencies: [...payload.dependencies],
  });
  tx.transferObjects([cap], signer.toSuiAddress());
  const result = await client.signAndExecuteTransaction({
    transaction: tx,
    signer,
    include: { effects: true, objectTypes: true },
  });
  if (result.$kind === 'FailedTransaction') {
    throw new Error(`publish failed: ${JSON.stringify(result.FailedTransaction.status)}`);
  }
  const types = Object.entries(result.Transaction.objectTypes);
  const find = (suffix: string) => types.find(([, type]) => type.endsWith(suffix))![0];
  return {
    packageId: find('package'),
    boardId: find('::board::Board'),
    capId: find('::package::UpgradeCap'),
  };
}
