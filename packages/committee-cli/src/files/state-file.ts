/**
 * `state.json`: the snapshot that a member's message was made from, in the layout of the reference tool
 * (dkg spec §13), so that either tool can go on where the other stopped. It may hold the old master share:
 * mode 0600.
 */
import type { Engine, G1Point } from '@seal-ts/crypto';
import { type DkgMessage, deployedSuite } from '@seal-ts/crypto/dkg';
import { fromBase64, isFullAddress, toBase64 } from '@seal-ts/protocol';
import { readTextFile, writePrivateFile } from '@seal-ts/wallet/files';
import type { CeremonySnapshot, RotationSnapshot } from '../ceremony/snapshot.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { G1_BYTES, G2_BYTES, SCALAR_BYTES } from './hex.ts';

/** Parties that the key generation allows. */
const MAX_PARTIES = 1000;

export interface CeremonyState {
  readonly snapshot: CeremonySnapshot;
  /** Whether this member deals a message. */
  readonly deals: boolean;
}

/** Undefined when there is no such file. Errors: COMMITTEE_STATE, FILE. */
export function findState(path: string): CeremonyState | undefined {
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommitteeError('COMMITTEE_STATE', `${path}: it is not JSON`);
  }
  try {
    const state = record(value, 'the file');
    const snapshot = readSnapshot(record(state['config'], 'config'));
    return { snapshot, deals: state['my_message'] !== null && state['my_message'] !== undefined };
  } catch (cause) {
    if (cause instanceof CommitteeError) throw cause;
    const text = `${path}: ${messageOf(cause)}; restore it, or repeat create-message or init-state`;
    throw new CommitteeError('COMMITTEE_STATE', text, { cause });
  }
}

export function writeState(
  engine: Engine,
  path: string,
  snapshot: CeremonySnapshot,
  message: DkgMessage<G1Point> | undefined,
): void {
  const value = {
    config: configJson(engine, snapshot),
    my_message: message === undefined ? null : messageJson(engine, message),
    received_messages: {},
    processed_messages: [],
    confirmation: null,
    output: null,
  };
  writePrivateFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

function configJson({ g2 }: Engine, snapshot: CeremonySnapshot): Record<string, unknown> {
  const { encryptionKeys, signingKeys, rotation } = snapshot;
  const ids = encryptionKeys.map((_, id) => id);
  const oldShare = rotation?.myOldShare;
  const oldKey = oldShare && g2.toBytes(g2.mul(g2.generator, oldShare));
  return {
    my_party_id: snapshot.myPartyId,
    nodes: {
      nodes: encryptionKeys.map((pk, id) => ({ id, pk: toBase64(pk), weight: 1 })),
      total_weight: ids.length,
      accumulated_weights: ids.map((id) => id + 1),
      nodes_with_nonzero_weight: ids,
    },
    committee_id: snapshot.committeeId,
    threshold: snapshot.threshold,
    signing_pks: Object.fromEntries(signingKeys.map((key, id) => [id, toBase64(key)])),
    old_threshold: rotation?.oldThreshold ?? null,
    new_to_old_mapping: rotation ? Object.fromEntries(rotation.newToOld) : null,
    expected_old_pks: rotation
      ? Object.fromEntries([...rotation.oldPartialKeys].map(([id, key]) => [id, toBase64(key)]))
      : null,
    my_old_share: oldShare === undefined ? null : toBase64(oldShare),
    my_old_pk: oldKey === undefined ? null : toBase64(oldKey),
  };
}

function messageJson(engine: Engine, message: DkgMessage<G1Point>): Record<string, unknown> {
  const { keys } = deployedSuite(engine);
  const { c, cHat, encryptions, proof } = message.encryptedShares;
  return {
    sender: message.sender,
    vss_pk: message.commitment.map((point) => toBase64(engine.g2.toBytes(point))),
    encrypted_shares: {
      c: toBase64(keys.toBytes(c)),
      c_hat: toBase64(keys.toBytes(cHat)),
      encs: encryptions.map((encryption) => [...encryption]),
      proof: [keys.toBytes(proof.a), keys.toBytes(proof.b), proof.z].map(toBase64),
    },
  };
}

function readSnapshot(config: Record<string, unknown>): CeremonySnapshot {
  const nodes = record(config['nodes'], 'config.nodes')['nodes'];
  if (!Array.isArray(nodes) || nodes.length === 0 || nodes.length > MAX_PARTIES) {
    throw new TypeError(`config.nodes.nodes: expected 1 to ${MAX_PARTIES} parties`);
  }
  const encryptionKeys = nodes.map((item, id) => {
    const node = record(item, `node ${id}`);
    if (node['id'] !== id || node['weight'] !== 1) {
      throw new TypeError(`node ${id}: expected id ${id} and weight 1`);
    }
    return blob(node['pk'], G1_BYTES, `node ${id}: pk`);
  });
  const signing = record(config['signing_pks'], 'config.signing_pks');
  const signingKeys = nodes.map((_, id) => blob(signing[id], G2_BYTES, `signing_pks ${id}`));
  const committeeId = config['committee_id'];
  if (typeof committeeId !== 'string' || !isFullAddress(committeeId)) {
    throw new TypeError('config.committee_id: expected 0x and 64 hex digits');
  }
  return {
    committeeId,
    threshold: whole(config['threshold'], 'config.threshold'),
    myPartyId: whole(config['my_party_id'], 'config.my_party_id'),
    encryptionKeys,
    signingKeys,
    rotation: readRotation(config),
  };
}

function readRotation(config: Record<string, unknown>): RotationSnapshot | undefined {
  if (config['old_threshold'] === null || config['old_threshold'] === undefined) return undefined;
  const mapping = Object.entries(record(config['new_to_old_mapping'], 'config.new_to_old_mapping'));
  const keys = Object.entries(record(config['expected_old_pks'], 'config.expected_old_pks'));
  const share = config['my_old_share'];
  return {
    oldThreshold: whole(config['old_threshold'], 'config.old_threshold'),
    newToOld: new Map(mapping.map(([id, old]) => [Number(id), whole(old, `old party of ${id}`)])),
    oldPartialKeys: new Map(
      keys.map(([id, key]) => [Number(id), blob(key, G2_BYTES, `old partial key ${id}`)]),
    ),
    myOldShare:
      share === null || share === undefined ? undefined : blob(share, SCALAR_BYTES, 'my_old_share'),
  };
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError(`${what}: expected an object`);
}

function whole(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`${what}: expected a whole number`);
}

/** Never quotes the value: one of them is a secret. */
function blob(value: unknown, length: number, what: string): Uint8Array {
  if (typeof value !== 'string') throw new TypeError(`${what}: expected Base64`);
  const bytes = fromBase64(value);
  if (bytes.length !== length) throw new TypeError(`${what}: expected ${length} bytes`);
  return bytes;
}
