/**
 * Durations as operators write them (`5s`, `2m`, `1h 30m`; protocol §4.13), held as milliseconds.
 */

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  d: 86_400_000,
};

/** Longer durations make no sense for any timer, and would overflow `setTimeout`. */
export const MAX_DURATION_MS = 24 * 86_400_000;

/** Milliseconds of a duration text, or `undefined` if it is not one. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^(\d{1,12}\s*[a-z]+\s*)+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, digits, unit] of trimmed.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const unitMs = Object.hasOwn(UNIT_MS, unit!) ? UNIT_MS[unit!]! : undefined;
    if (unitMs === undefined) return undefined;
    total += Number(digits) * unitMs;
  }
  return total <= MAX_DURATION_MS ? total : undefined;
}

/** The shortest text that reads back as the same duration. */
export function formatDuration(ms: number): string {
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}
