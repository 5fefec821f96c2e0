/**
 * Which network addresses a member may have. URLs come from the chain, where members write them, so
 * a URL could point into the operator's own network (server-side request forgery). The rule is
 * about the address that is connected to, not the name: names can resolve to anything, and to
 * something else a moment later.
 *
 * Registries: IANA IPv4 and IPv6 Special-Purpose Address Space, RFC 6890.
 */

import { BlockList, isIP, isIPv4 } from 'node:net';

/** IPv4 ranges that are not on the public internet. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Global unicast; everything outside is local, multicast or reserved. */
const GLOBAL_IPV6 = '2000::/3';
/** Inside it: protocol assignments and tunnels (Teredo), documentation, 6to4. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];
/** NAT64: the last 32 bits are an IPv4 address. */
const NAT64 = '64:ff9b::/96';
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

export type AddressVerdict = 'ok' | 'private_address' | 'plain_http';

export interface AddressPolicyOptions {
  /** Ranges besides the public internet that members may have, such as `10.1.0.0/16`. */
  allowedRanges?: readonly string[];
  /** Allow `http:` to other than loopback addresses. */
  allowHttp?: boolean;
}

export class AddressPolicy {
  readonly #special = blockList(SPECIAL_IPV4);
  readonly #globalV6 = blockList([GLOBAL_IPV6]);
  readonly #specialV6 = blockList(SPECIAL_IPV6);
  readonly #nat64 = blockList([NAT64]);
  readonly #loopback = blockList(LOOPBACK);
  readonly #allowed: BlockList;
  readonly #allowHttp: boolean;

  constructor({ allowedRanges = [], allowHttp = false }: AddressPolicyOptions = {}) {
    this.#allowed = blockList(allowedRanges);
    this.#allowHttp = allowHttp;
  }

  /** Whether a connection for a URL of this scheme may go to `address`. */
  judge(address: string, protocol: string): AddressVerdict {
    const plain = plainAddress(address);
    if (plain === undefined) return 'private_address';
    if (!contains(this.#allowed, plain) && !this.#isPublic(plain)) return 'private_address';
    const secure = protocol === 'https:' || this.#allowHttp || contains(this.#loopback, plain);
    return secure ? 'ok' : 'plain_http';
  }

  #isPublic(address: string): boolean {
    if (isIPv4(address)) return !contains(this.#special, address);
    if (contains(this.#nat64, address)) return this.#isPublic(embeddedIpv4(address));
    return contains(this.#globalV6, address) && !contains(this.#specialV6, address);
  }
}

/** A range as `address/bits`, or one address; `undefined` when it is neither. */
export function parseRange(text: string): { address: string; bits: number } | undefined {
  const [address = '', bitsText, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return undefined;
  const most = family === 4 ? 32 : 128;
  if (bitsText === undefined) return { address, bits: most };
  if (!/^\d{1,3}$/.test(bitsText) || Number(bitsText) > most) return undefined;
  return { address, bits: Number(bitsText) };
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const { address, bits } = parseRange(range)!;
    list.addSubnet(address, bits, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Without zone; an IPv4 address inside IPv6 (`::ffff:…`) as the IPv4 address it reaches. */
function plainAddress(address: string): string | undefined {
  if (isIP(address) === 0 || address.includes('%')) return undefined;
  if (isIPv4(address)) return address;
  return contains(MAPPED, address) ? embeddedIpv4(address) : address;
}
const MAPPED = blockList(['::ffff:0:0/96']);

/** The last 32 bits of an IPv6 address. */
function embeddedIpv4(address: string): string {
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  // The URL parser writes every address in the one form of RFC 5952.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [high = '', low = ''] = canonical.endsWith('::')
    ? ['0', '0']
    : canonical.split(':').slice(-2);
  const bits = (Number.parseInt(high || '0', 16) << 16) | Number.parseInt(low || '0', 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}
