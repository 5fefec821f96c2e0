/** Small shared conversions of the renderers. */

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A copy without the members that are undefined: in protobuf, unset and zero differ. */
export function compact<T extends object>(members: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) kept[name] = value;
  }
  return kept as Defined<T>;
}

/** `google.protobuf.Timestamp` from milliseconds. */
export function timestamp(milliseconds: bigint): { seconds: bigint; nanos: number } {
  return {
    seconds: milliseconds / 1000n,
    nanos: Number(milliseconds % 1000n) * 1_000_000,
  };
}

/** Milliseconds of a `google.protobuf.Timestamp`. */
export function milliseconds(time: { seconds: bigint; nanos: number }): bigint {
  return time.seconds * 1000n + BigInt(Math.floor(time.nanos / 1_000_000));
}
