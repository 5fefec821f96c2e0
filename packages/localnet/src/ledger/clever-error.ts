/**
 * Clever abort codes (sui-ledger.md §9): a code that names a constant of the aborting module.
 *
 * Bit 63 is set; bits 32–47 the source line, 16–31 and 0–15 constant indices of the name and of
 * the value, `0xffff` for none. Bit 62 says that bits 48–55 hold an explicit error code.
 */
import { compiledModule } from './introspection.ts';
import type { CleverError } from './types/effects.ts';
import { type CompiledModule, isVmError, type SignatureToken } from './vm.ts';

const CLEVER_BIT = 1n << 63n;
const CODE_BIT = 1n << 62n;
const ABSENT_INDEX = 0xffff;
const ABSENT_CODE = 0xff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined for a plain code, or when the module does not hold what the code points to. */
export function cleverError(code: bigint, bytes: Uint8Array | undefined): CleverError | undefined {
  if ((code & CLEVER_BIT) === 0n || bytes === undefined) return undefined;
  const module = tryParse(bytes);
  if (module === undefined) return undefined;
  const part = (shift: bigint, mask: number): number => Number((code >> shift) & BigInt(mask));
  const line = part(32n, 0xffff);
  const name = constantAt(module, part(16n, 0xffff));
  const value = constantAt(module, part(0n, 0xffff));
  const explicit = part(48n, 0xff);
  const constantName = name === undefined ? undefined : textOf(name);
  const rendered = value === undefined ? undefined : renderConstant(value);
  return {
    errorCode: (code & CODE_BIT) !== 0n && explicit !== ABSENT_CODE ? explicit : undefined,
    lineNumber: line === ABSENT_INDEX ? undefined : line,
    constantName,
    constantType: value === undefined ? undefined : tokenText(value.type),
    rendered,
    raw: value === undefined || rendered !== undefined ? undefined : value.data,
  };
}

type Constant = CompiledModule['constants'][number];

function tryParse(bytes: Uint8Array): CompiledModule | undefined {
  try {
    return compiledModule(bytes);
  } catch (error) {
    if (isVmError(error)) return undefined;
    throw error;
  }
}

function constantAt(module: CompiledModule, index: number): Constant | undefined {
  return index === ABSENT_INDEX ? undefined : module.constants[index];
}

/** A `vector<u8>` constant as text, if it is UTF-8. */
function textOf({ type, data }: Constant): string | undefined {
  if (type.kind !== 'vector' || type.element.kind !== 'u8') return undefined;
  let start = 0;
  while (start < data.length && data[start]! >= 0x80) start++;
  try {
    return utf8.decode(data.subarray(start + 1));
  } catch {
    return undefined;
  }
}

/** Text of strings, numbers and booleans. */
function renderConstant(constant: Constant): string | undefined {
  const { type, data } = constant;
  if (type.kind === 'vector') return textOf(constant);
  if (type.kind === 'bool') return data[0] === 1 ? 'true' : 'false';
  if (type.kind === 'address') {
    return `0x${[...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
  if (!/^u\d+$/.test(type.kind)) return undefined;
  return data.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n).toString();
}

function tokenText(token: SignatureToken): string {
  return token.kind === 'vector' ? `vector<${tokenText(token.element)}>` : token.kind;
}
