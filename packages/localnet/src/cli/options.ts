/** Option parsers of the command line: each says what it expected and what it got. */
import { InvalidArgumentError } from 'commander';

const MAX_PORT = 65_535;

/** A TCP port; 0 picks a free one. */
export function parsePort(text: string): number {
  return parseWhole(text, 0, MAX_PORT, 'a port from 0 to 65535');
}

/** A whole number within bounds. */
export function parseWhole(text: string, least: number, most: number, expected: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new InvalidArgumentError(`expected ${expected}`);
  return value;
}

/** Any text but the empty one, which is an unset shell variable more often than a wish. */
export function parseNonEmpty(expected: string): (text: string) => string {
  return (text) => {
    if (text === '') throw new InvalidArgumentError(`expected ${expected}`);
    return text;
  };
}
