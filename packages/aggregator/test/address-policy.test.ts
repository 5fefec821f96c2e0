/** Where members may be: the public internet, and what the operator lists. */

import { describe, expect, it } from 'vitest';
import { AddressPolicy } from '../src/index.ts';
import { parseRange } from '../src/members/address-policy.ts';

const policy = new AddressPolicy();

describe('addresses on the public internet are accepted', () => {
  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2001:4860:4860::8888',
    '::ffff:1.1.1.1',
    '::ffff:101:101',
    '64:ff9b::1.1.1.1',
    '64:ff9b::808:808',
  ])('%s', (address) => {
    expect(policy.judge(address, 'https:')).toBe('ok');
    expect(policy.judge(address, 'http:')).toBe('plain_http');
  });
});

describe('all others are refused', () => {
  it.each([
    '0.0.0.0',
    '0.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:0:0',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b::',
    '64:ff9b:1::1',
    '100::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    'fe80::1%eth0',
    '1.1.1.1%1',
    'localhost',
    '',
    '1.1.1',
    '01.1.1.1',
  ])('%j', (address) => {
    expect(policy.judge(address, 'https:')).toBe('private_address');
    expect(policy.judge(address, 'http:')).toBe('private_address');
  });
});

describe('exceptions', () => {
  it.each([
    ['10.1.0.0/16', ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3'], ['10.0.255.255', '10.2.0.0']],
    ['127.0.0.1', ['127.0.0.1', '::ffff:127.0.0.1'], ['127.0.0.2', '::1']],
    ['fd00::/8', ['fd00::1', 'fdff::'], ['fc00::1', 'fe80::1']],
    ['::1', ['::1'], ['::2', '127.0.0.1']],
  ])('%s', (range, inside, outside) => {
    const open = new AddressPolicy({ allowedRanges: [range] });
    for (const address of inside) expect(open.judge(address, 'https:')).toBe('ok');
    for (const address of outside) expect(open.judge(address, 'https:')).toBe('private_address');
  });

  it('plain HTTP is for loopback, unless it is allowed', () => {
    const ranges = { allowedRanges: ['127.0.0.0/8', '::1', '10.0.0.0/8'] };
    const local = new AddressPolicy(ranges);
    expect(local.judge('127.0.0.1', 'http:')).toBe('ok');
    expect(local.judge('::1', 'http:')).toBe('ok');
    expect(local.judge('10.0.0.1', 'http:')).toBe('plain_http');
    const open = new AddressPolicy({ ...ranges, allowHttp: true });
    expect(open.judge('10.0.0.1', 'http:')).toBe('ok');
    expect(open.judge('1.1.1.1', 'http:')).toBe('ok');
    expect(open.judge('192.168.0.1', 'http:')).toBe('private_address');
  });
});

describe('ranges', () => {
  it.each([
    ['10.0.0.0/8', { address: '10.0.0.0', bits: 8 }],
    ['10.0.0.1', { address: '10.0.0.1', bits: 32 }],
    ['::1', { address: '::1', bits: 128 }],
    ['::/0', { address: '::', bits: 0 }],
  ])('%s', (text, range) => {
    expect(parseRange(text)).toEqual(range);
  });

  it.each(['', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '10/8', 'a/8', 'fe80::1%1'])(
    '%j is none',
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );
});
