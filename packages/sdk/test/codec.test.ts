/** The EncryptedObject codec users see, and shared work in flight. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Flights } from '../src/flights.ts';
import { EncryptedObject, InvalidCiphertextError } from '../src/index.ts';

interface Vectors {
  valid: { name: string; object: string; id: string; threshold: number }[];
  invalid: { name: string; object: string; error: string }[];
}

const url = new URL('../../../vectors/protocol/encrypted-objects.json', import.meta.url);
const vectors = JSON.parse(readFileSync(url, 'utf8')) as Vectors;
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('EncryptedObject', () => {
  it.each(vectors.valid)('reads and writes $name', ({ object, id, threshold }) => {
    const parsed = EncryptedObject.parse(fromHex(object));
    expect(parsed).toMatchObject({ id, threshold });
    expect(EncryptedObject.serialize(parsed).toHex()).toBe(object);
    expect(EncryptedObject.fromHex(object)).toEqual(parsed);
  });

  const layoutFaults = vectors.invalid.filter((v) => v.error === 'INVALID_BCS');
  it.each(layoutFaults)('refuses $name', ({ object }) => {
    expect(() => EncryptedObject.parse(fromHex(object))).toThrow(InvalidCiphertextError);
  });
});

describe('Flights', () => {
  it('share work by name and forget it when done', async () => {
    const flights = new Flights<number>();
    let started = 0;
    const work = async (): Promise<number> => ++started;
    const results = await Promise.all([flights.run('a', work), flights.run('a', work)]);
    expect(results).toEqual([1, 1]);
    expect(flights.size).toBe(0);
    expect(await flights.run('a', work)).toBe(2);
    expect(await flights.run('b', work)).toBe(3);
  });

  it('share failures and start afresh after them', async () => {
    const flights = new Flights<number>();
    const fail = async (): Promise<number> => {
      throw new Error('no');
    };
    const both = await Promise.allSettled([flights.run('a', fail), flights.run('a', fail)]);
    expect(both.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(await flights.run('a', async () => 1)).toBe(1);
  });

  it('stop the work when the last caller leaves', async () => {
    const flights = new Flights<never>();
    let stopped: AbortSignal | undefined;
    const forever = (signal: AbortSignal): Promise<never> => {
      stopped = signal;
      return new Promise(() => {});
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const first = flights.run('a', forever, one.signal);
    const second = flights.run('a', forever, two.signal);
    one.abort();
    await expect(first).rejects.toThrow();
    expect(stopped?.aborted).toBe(false);
    two.abort();
    await expect(second).rejects.toThrow();
    expect(stopped?.aborted).toBe(true);
    expect(flights.size).toBe(0);
  });
});
