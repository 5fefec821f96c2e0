/**
 * The `grpc-timeout` header: up to eight digits and a unit (gRPC over HTTP/2, section Requests).
 */
import { RpcError } from './status.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};
/** Longest timer that Node takes; longer deadlines are as good as none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Milliseconds until the deadline, or undefined when there is none.
 * @throws RpcError INVALID_ARGUMENT for a malformed header
 */
export function parseTimeout(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  if (match === null) {
    throw new RpcError('INVALID_ARGUMENT', 'malformed grpc-timeout, expected digits and a unit');
  }
  const timeoutMs = Number(match[1]) * UNIT_MS[match[2]!]!;
  return timeoutMs > MAX_TIMER_MS ? undefined : Math.max(timeoutMs, 1);
}
