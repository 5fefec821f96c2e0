/** Errors of a node that say which node it was, and what to do. */
import { ChainError, isChainError, type ServerChain } from '@seal-ts/chain';

/** Codes of a node that did not answer, or not usefully; another attempt may succeed. */
const PASSING: readonly string[] = ['UNAVAILABLE', 'RPC'];

/** Whether the node may answer the next time. */
export function isPassing(error: unknown): boolean {
  return isChainError(error) && (error.retryable || PASSING.includes(error.code));
}

/** The same chain, with the node's URL in what it throws when the node fails. */
export function explained(chain: ServerChain, url: string): ServerChain {
  const explain = (error: unknown): unknown => {
    if (!isPassing(error) || !isChainError(error)) return error;
    const text = `the node ${url} does not answer (${error.message}); check that it runs, or use another`;
    const { code, grpcStatus, retryable } = error;
    return new ChainError(code, text, { cause: error, grpcStatus, retryable });
  };
  return new Proxy(chain, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        try {
          return await member.apply(target, args);
        } catch (error) {
          throw explain(error);
        }
      };
    },
  });
}
