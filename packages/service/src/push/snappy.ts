/**
 * Raw (block) Snappy compression, from the format description of google/snappy: the length of the
 * input as a varint, then literals and back-references. Only what the metrics push needs: a greedy
 * matcher with a hash of four bytes, and back-references with two-byte offsets.
 */

const MIN_MATCH = 4;
const MAX_COPY = 64;
const MAX_OFFSET = 0xffff;
const HASH_BITS = 14;
const HASH_FACTOR = 0x1e35a7bd;
const LITERAL = 0;
const COPY_2 = 2;
/** Metrics of one server are far smaller; also keeps every length in 32 bits. */
export const MAX_SNAPPY_INPUT = 64 * 1024 * 1024;

export function snappyCompress(input: Uint8Array): Uint8Array {
  if (input.length > MAX_SNAPPY_INPUT) {
    throw new RangeError(`snappy: ${input.length} bytes are more than ${MAX_SNAPPY_INPUT}`);
  }
  const out: number[] = [];
  writeVarint(out, input.length);
  const positions = new Int32Array(1 << HASH_BITS).fill(-1);
  let literalStart = 0;
  let at = 0;
  while (at + MIN_MATCH <= input.length) {
    const slot = hash(input, at);
    const candidate = positions[slot]!;
    positions[slot] = at;
    const length = candidate < 0 ? 0 : matchLength(input, candidate, at);
    if (length < MIN_MATCH) {
      at += 1;
      continue;
    }
    writeLiteral(out, input, literalStart, at);
    writeCopies(out, at - candidate, length);
    at += length;
    literalStart = at;
  }
  writeLiteral(out, input, literalStart, input.length);
  return Uint8Array.from(out);
}

function hash(input: Uint8Array, at: number): number {
  const word = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24);
  return Math.imul(word, HASH_FACTOR) >>> (32 - HASH_BITS);
}

function matchLength(input: Uint8Array, candidate: number, at: number): number {
  if (at - candidate > MAX_OFFSET) return 0;
  let length = 0;
  while (at + length < input.length && input[candidate + length] === input[at + length]) length++;
  return length;
}

function writeLiteral(out: number[], input: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (length === 0) return;
  const n = length - 1;
  if (n < 60) {
    out.push((n << 2) | LITERAL);
  } else {
    const bytes = n < 0x100 ? 1 : n < 0x1_0000 ? 2 : n < 0x100_0000 ? 3 : 4;
    out.push(((59 + bytes) << 2) | LITERAL);
    for (let i = 0; i < bytes; i++) out.push((n >>> (8 * i)) & 0xff);
  }
  for (let i = start; i < end; i++) out.push(input[i]!);
}

function writeCopies(out: number[], offset: number, length: number): void {
  for (let rest = length; rest > 0; ) {
    const count = Math.min(rest, MAX_COPY);
    out.push(((count - 1) << 2) | COPY_2, offset & 0xff, offset >>> 8);
    rest -= count;
  }
}

function writeVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.push(rest);
}
