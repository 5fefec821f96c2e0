/**
 * Finds the Move abort in the text a key server passes on with "Access denied" (seal-protocol.md
 * §4.4: the node's description of the execution error). Nodes write it in several ways:
 *
 *   MoveAbort in 1st command, 'ENoAccess': …, in '0x2::m::f' (line 7)
 *   MoveAbort in 1st command, abort code: 1, in '0x2::m::f' (instruction 3)
 *   Move Runtime Abort. Location: 0x2::m::f (function index 1) at offset 3, Abort Code: 1
 *   Move runtime abort in 0x2::m::f (instruction 8) with code 1.
 *   MoveAbort(MoveLocation { module: ModuleId { address: 02, name: Identifier("m") }, function: 1,
 *     instruction: 3, function_name: Some("f") }, 1) in command 0
 *
 * The text is a hint for people; nothing is decided by it.
 */

export interface MoveAbortInfo {
  /** Storage id of the package, as written by the node. */
  readonly package: string | undefined;
  readonly module: string | undefined;
  readonly function: string | undefined;
  /** Undefined when the node names the constant and not the number. */
  readonly code: bigint | undefined;
  /** Error constant, e.g. `ENoAccess`. */
  readonly constantName: string | undefined;
  /** Source line, from a clever error. */
  readonly line: number | undefined;
}

/** Longest text looked at, in characters. */
export const MAX_ABORT_TEXT_CHARS = 4096;

const CLEVER_BIT = 1n << 63n;

/** Undefined when the text tells of no abort. */
export function parseMoveAbort(text: string): MoveAbortInfo | undefined {
  const scanned = text.slice(0, MAX_ABORT_TEXT_CHARS);
  if (!/abort/i.test(scanned)) return undefined;
  const place =
    /(0x[0-9a-fA-F]+)::(\w+)(?:::(\w+))?/.exec(scanned) ??
    /address: (\w+), name: Identifier\("(\w+)"\)/.exec(scanned);
  const code = matchBigint(/\bcode:? (\d+)/i, scanned) ?? matchBigint(/\}, (\d+)\)/, scanned);
  const constantName = /'([A-Z]\w*)'/.exec(scanned)?.[1];
  if (code === undefined && constantName === undefined && place === null) return undefined;
  return printable({
    package: place?.[1] === undefined ? undefined : withPrefix(place[1]),
    module: place?.[2],
    function: place?.[3] ?? /function_name: Some\("(\w+)"\)/.exec(scanned)?.[1],
    code,
    constantName,
    line: cleverLine(code) ?? toLine(/\(line (\d+)\)/.exec(scanned)?.[1]),
  });
}

/** Error reporters turn what was thrown into JSON, which has no bigint: the code becomes a string. */
function printable(abort: MoveAbortInfo): MoveAbortInfo {
  const toJSON = () => ({ ...abort, code: abort.code?.toString() });
  return Object.defineProperty(abort, 'toJSON', { enumerable: false, value: toJSON });
}

/** `module::function aborted with ENoAccess (code 1)`. */
export function describeAbort(abort: MoveAbortInfo): string {
  const place = [abort.module, abort.function].filter((part) => part !== undefined).join('::');
  const names = [
    abort.constantName,
    abort.code === undefined ? undefined : `code ${abort.code}`,
    abort.line === undefined ? undefined : `line ${abort.line}`,
  ].filter((part) => part !== undefined);
  return `${place || 'the policy'} aborted (${names.join(', ') || 'no code given'})`;
}

/** Line in a clever error code: bit 63 set, 16 bits of line from bit 32. */
function cleverLine(code: bigint | undefined): number | undefined {
  if (code === undefined || (code & CLEVER_BIT) === 0n) return undefined;
  return Number((code >> 32n) & 0xffffn);
}

function matchBigint(pattern: RegExp, text: string): bigint | undefined {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : BigInt(digits.slice(0, 20));
}

function toLine(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits.slice(0, 9));
}

function withPrefix(address: string): string {
  return address.startsWith('0x') ? address : `0x${address}`;
}
