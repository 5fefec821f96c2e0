/**
 * Another member's software, part 4 of 5: the state directory in the reference's layout (dkg.md §13,
 * seal-protocol.md §6.4). Its reading is as strict as serde's, and its YAML is what serde_yaml writes:
 * comments go, sequences are not indented, quotes only where a plain scalar would be something else.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { parse, stringify, type Tags } from 'yaml';
import * as curve from './curve.ts';
import { G1, G2, mul1, mul2 } from './curve.ts';
import { type Ceremony, decodeSigned, encodeSigned, type Keys, type Signed } from './message.ts';

export const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
/** Of exactly these bytes; `0x` may be missing, as in the reference. */
export function unhex(text: string, length?: number): Uint8Array {
  const digits = text.replace(/^0x/, '');
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) throw new TypeError('not hex');
  if (length !== undefined && digits.length !== 2 * length) throw new TypeError('wrong length');
  return Buffer.from(digits, 'hex');
}

const writeJson = (file: string, value: unknown, mode?: number) =>
  writeFileSync(file, JSON.stringify(value, null, 2), { mode: mode ?? 0o644 });
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

// dkg.yaml.

/** A number of 64 hex digits does not fit serde_yaml's integers, so it stays text. */
const withoutHex = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || tag.format !== 'HEX');
const READING = { schema: 'core', customTags: withoutHex } as const;
const WRITING = { ...READING, indentSeq: false, lineWidth: 0, singleQuote: true } as const;

export class Config {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path(folder, 'dkg.yaml');
  }

  get(section: string, key: string): unknown {
    return parse(readFileSync(this.#file, 'utf8'), READING)?.[section]?.[key];
  }

  /** Error: TypeError when it is missing or no text. */
  text(section: string, key: string): string {
    const value = this.get(section, key);
    if (typeof value !== 'string') throw new TypeError(`${key} not found in config`);
    return value;
  }

  /** As the reference reads texts before it writes them: a name such as 12 becomes a number. */
  static plain(text: string): unknown {
    return parse(text, READING);
  }

  put(section: string, values: Readonly<Record<string, unknown>>): void {
    const config = parse(readFileSync(this.#file, 'utf8'), READING);
    config[section] = { ...config[section], ...values };
    writeFileSync(this.#file, stringify(config, WRITING));
  }
}

// dkg.key.

export function writeKeys(folder: string, { encryption, signing }: Keys): void {
  const keys = {
    enc_sk: hex(curve.scalarBytes(encryption)),
    enc_pk: hex(mul1(G1.BASE, encryption).toBytes()),
    signing_sk: hex(curve.scalarBytes(signing)),
    signing_pk: hex(mul2(G2.BASE, signing).toBytes()),
  };
  writeJson(path(folder, 'dkg.key'), keys, 0o600);
}

export function readKeys(folder: string): Keys {
  const { enc_sk, signing_sk } = readJson(path(folder, 'dkg.key'));
  const scalar = (text: string) => new curve.Reader(unhex(text, 32)).scalar();
  return { encryption: scalar(enc_sk), signing: scalar(signing_sk) };
}

// message_P.json.

export function writeMessage(folder: string, signed: Signed): void {
  const message = encodeSigned(signed).toString('hex');
  writeJson(path(folder, `message_${signed.message.sender}.json`), { message });
}

export function readMessages(folder: string): Signed[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const messages = files.map((name) => decodeSigned(unhex(readJson(path(folder, name)).message)));
  messages.sort((a, b) => a.message.sender - b.message.sender);
  const senders = new Set(messages.map(({ message }) => message.sender));
  if (senders.size < messages.length) throw new TypeError('Duplicate DKG message');
  return messages;
}

// state.json: all that is binary is Base64 there, and plaintext-sized things are lists of numbers.

export interface State {
  readonly me: number;
  readonly ceremony: Ceremony;
  readonly oldShare: bigint | undefined;
}

interface Encoded {
  toBytes(): Uint8Array;
}
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const point = (value: Encoded): string => base64(value.toBytes());
const keyed = <T, U>(values: Iterable<readonly [number, T]>, change: (value: T) => U) =>
  Object.fromEntries([...values].map(([id, value]) => [id, change(value)]));

export function writeState(folder: string, state: State, signed: Signed | undefined): void {
  const { me, ceremony, oldShare } = state;
  const { old, encryptionKeys, signingKeys } = ceremony;
  const ids = encryptionKeys.map((_, id) => id);
  const message = signed?.message;
  writeJson(path(folder, 'state.json'), {
    config: {
      my_party_id: me,
      nodes: {
        nodes: encryptionKeys.map((pk, id) => ({ id, pk: point(pk), weight: 1 })),
        total_weight: ids.length,
        accumulated_weights: ids.map((id) => id + 1),
        nodes_with_nonzero_weight: ids,
      },
      committee_id: ceremony.id,
      threshold: ceremony.threshold,
      signing_pks: keyed(signingKeys.entries(), point),
      old_threshold: old?.threshold ?? null,
      new_to_old_mapping: old ? Object.fromEntries(old.newToOld) : null,
      expected_old_pks: old ? keyed(old.partialKeys, point) : null,
      my_old_share: oldShare === undefined ? null : base64(curve.scalarBytes(oldShare)),
      my_old_pk: oldShare === undefined ? null : point(mul2(G2.BASE, oldShare)),
    },
    my_message:
      message === undefined
        ? null
        : {
            sender: message.sender,
            vss_pk: message.vss.map(point),
            encrypted_shares: {
              c: point(message.c),
              c_hat: point(message.cHat),
              encs: message.encs.map((enc) => [...enc]),
              proof: [
                point(message.proof.a),
                point(message.proof.b),
                base64(curve.scalarBytes(message.proof.z)),
              ],
            },
          },
    received_messages: {},
    processed_messages: [],
    confirmation: null,
    output: null,
  });
}

/** Fields that serde insists on, of the file and of its `config`. */
const FIELDS = ['config', 'received_messages', 'processed_messages'];
const CONFIG_FIELDS = ['my_party_id', 'nodes', 'committee_id', 'threshold', 'signing_pks'];
const NODES_FIELDS = ['nodes', 'total_weight', 'accumulated_weights', 'nodes_with_nonzero_weight'];

export function readState(folder: string): State {
  const file = readJson(path(folder, 'state.json'));
  const { config } = file;
  for (const [fields, value] of [
    [FIELDS, file],
    [CONFIG_FIELDS, config],
    [NODES_FIELDS, config.nodes],
  ]) {
    const missing = fields.find((name: string) => !(name in value));
    if (missing !== undefined) throw new TypeError(`state.json: missing field ${missing}`);
  }
  const read = (text: string) => new curve.Reader(Buffer.from(text, 'base64'));
  const pairs = (map: Record<string, unknown>) =>
    Object.entries(map).map(([id, value]) => [Number(id), value] as const);
  const g2 = (text: unknown) => read(String(text)).g2();
  const signing = new Map(pairs(config.signing_pks));
  const encryptionKeys = config.nodes.nodes.map((node: { pk: string }) => read(node.pk).g1());
  const ceremony: Ceremony = {
    id: config.committee_id,
    threshold: config.threshold,
    encryptionKeys,
    signingKeys: encryptionKeys.map((_: unknown, id: number) => g2(signing.get(id))),
    ...(config.old_threshold !== null && {
      old: {
        threshold: config.old_threshold,
        newToOld: new Map(pairs(config.new_to_old_mapping).map(([id, old]) => [id, Number(old)])),
        partialKeys: new Map(pairs(config.expected_old_pks).map(([id, key]) => [id, g2(key)])),
      },
    }),
  };
  const oldShare = config.my_old_share === null ? undefined : read(config.my_old_share).scalar();
  return { me: config.my_party_id, ceremony, oldShare };
}
