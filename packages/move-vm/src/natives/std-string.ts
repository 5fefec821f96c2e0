/** `std::string`: UTF-8 checks and byte-wise search. Source: move-vm.md §6.2. */
import { STATUS, VmError } from '../common/index.ts';
import { u64FromBigInt } from '../runtime/u64.ts';
import { bytesOf, bytesValue, integerOf } from './arguments.ts';
import { COST } from './costs.ts';
import type { ModuleNatives } from './table.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const E_INVALID_RANGE = 1;
const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    UTF8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Byte offset of the first occurrence; the text's length if there is none. */
function indexOf(text: Uint8Array, needle: Uint8Array): number {
  for (let at = 0; at + needle.length <= text.length; at++) {
    let matched = 0;
    while (matched < needle.length && text[at + matched] === needle[matched]) matched++;
    if (matched === needle.length) return at;
  }
  return text.length;
}

export const stringNatives: ModuleNatives = {
  internal_check_utf8(context, _types, [text]) {
    const bytes = bytesOf(text);
    context.charge(COST.plain + COST.perByte * bytes.length);
    return isUtf8(bytes);
  },

  internal_is_char_boundary(context, _types, [text, index]) {
    context.charge(COST.plain);
    const bytes = bytesOf(text);
    const at = integerOf(index);
    if (at === 0n || at === BigInt(bytes.length)) return true;
    if (at > BigInt(bytes.length)) return false;
    return (bytes[Number(at)]! & CONTINUATION_MASK) !== CONTINUATION;
  },

  internal_sub_string(context, _types, [text, from, to]) {
    const bytes = bytesOf(text);
    const start = integerOf(from);
    const end = integerOf(to);
    if (end < start) context.abort(E_INVALID_RANGE);
    if (end > BigInt(bytes.length)) {
      throw new VmError(
        STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
        `substring up to ${end} of ${bytes.length} bytes`,
      );
    }
    context.charge(COST.plain + COST.perByte * Number(end - start));
    return bytesValue(bytes.slice(Number(start), Number(end)));
  },

  internal_index_of(context, _types, [text, needle]) {
    const bytes = bytesOf(text);
    const sought = bytesOf(needle);
    context.charge(COST.plain + COST.perByte * bytes.length + sought.length);
    return u64FromBigInt(BigInt(indexOf(bytes, sought)));
  },
};
