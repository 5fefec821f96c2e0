/** Texts of members that repeat their API key are recognized, in whatever usual form. */

import { describe, expect, it } from 'vitest';
import { repeatsSecret, TELLING_CHARACTERS } from '../src/members/secret-echo.ts';

const KEY = 'Sk-live_4f9Zq2Lw8/Xr+7==';
const encoded = (text: string, encoding: BufferEncoding) => Buffer.from(text).toString(encoding);

describe('a text repeats the key', () => {
  it.each([
    ['as it is', KEY],
    ['in other case', KEY.toUpperCase()],
    ['backwards', [...KEY].reverse().join('')],
    ['the first characters', KEY.slice(0, TELLING_CHARACTERS)],
    ['the last characters', KEY.slice(-TELLING_CHARACTERS)],
    ['spread out', [...KEY].join(' ')],
    ['without its punctuation', KEY.replace(/[^A-Za-z0-9]/g, '')],
    ['in hex', encoded(KEY, 'hex')],
    ['in capital hex', encoded(KEY, 'hex').toUpperCase()],
    ['in hex, pair by pair', encoded(KEY, 'hex').replace(/../g, '$&:')],
    ['in hex after half a pair', `f${encoded(KEY, 'hex')}`],
    ['in Base64', encoded(KEY, 'base64')],
    ['in Base64 for URLs', encoded(KEY, 'base64url')],
    ['in Base64, one off', encoded(`x${KEY}`, 'base64')],
    ['in Base64, two off', encoded(`xy${KEY}`, 'base64')],
    ['in Base64 of the header', encoded(`x-api-key: ${KEY}`, 'base64')],
    ['in Base64 behind other letters', `key${encoded(KEY, 'base64')}`],
    ['percent-encoded', encoded(KEY, 'hex').replace(/../g, '%$&')],
    ['backwards in Base64', encoded([...KEY].reverse().join(''), 'base64')],
  ])('%s', (_form, text) => {
    expect(repeatsSecret(`your key: ${text}.`, KEY)).toBe(true);
    expect(repeatsSecret(text, KEY)).toBe(true);
  });

  it('also a short one, and one of punctuation only', () => {
    expect(repeatsSecret('it is abc', 'abc')).toBe(true);
    expect(repeatsSecret('it is ?!?', '?!?')).toBe(true);
  });
});

describe('a text does not', () => {
  it.each([
    '',
    'Access denied: not in the list',
    'Invalid parameter to PTB',
    'sk-live',
    KEY.slice(0, TELLING_CHARACTERS - 1),
    'x'.repeat(1024),
    encoded('nothing of the kind, at any length', 'base64'),
  ])('%j', (text) => {
    expect(repeatsSecret(text, KEY)).toBe(false);
    expect(repeatsSecret(text, '?!?')).toBe(false);
  });
});
