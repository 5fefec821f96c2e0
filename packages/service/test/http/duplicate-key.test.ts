/** Duplicate keys in JSON, beside a parse that keeps them all. */
import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { duplicateKey } from '../../src/http/duplicate-key.ts';
import { BodyRejection, readJsonBody } from '../../src/index.ts';

const BACKSLASH = '\\';

describe('a duplicate key', () => {
  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":{"b":1,"b":2}}', 'b'],
    ['[{"x":[]},{"a":[1,2],"a":{}}]', 'a'],
    ['{"":0,"":0}', ''],
    [String.raw`{"ptb":1,"p\u0074b":2}`, 'ptb'],
    [String.raw`{"a\\":1,"a\\":2}`, `a${BACKSLASH}`],
    [String.raw`{"v":"\"a\":1,","a":1,"b":"\\","a":2}`, 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a":{"a":{"a":0}},"a":1}', 'a'],
  ])('is found in %s', (text, key) => {
    JSON.parse(text);
    expect(duplicateKey(text)).toBe(key);
  });

  it.each([
    '{}',
    '[]',
    '"a"',
    '{"a":{"a":{"a":"a"}},"b":["a","a"]}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a","c":"b"}',
    String.raw`{"a":"\",\"a\":1","b":"\\"}`,
    '{ "a" : [ 1 , "a" ] , "b" : "{" , "c" : "}" }',
  ])('is not seen in %s', (text) => {
    JSON.parse(text);
    expect(duplicateKey(text)).toBeUndefined();
  });

  it('is never seen in what JSON.stringify writes, and always when a key is written twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (object, name) => {
        expect(duplicateKey(JSON.stringify(object))).toBeUndefined();
        const key = JSON.stringify(name);
        expect(duplicateKey(`{${key}:${JSON.stringify(object)},${key}:0}`)).toBe(name);
      }),
    );
  });

  it('is looked for without recursion', () => {
    const depth = 50_000;
    expect(duplicateKey('['.repeat(depth) + ']'.repeat(depth))).toBeUndefined();
  });
});

describe('a body', () => {
  const app = new Hono();
  app.post('/', async (c) => c.json((await readJsonBody(c.req)) as object));
  app.onError((error, c) =>
    error instanceof BodyRejection ? c.text(error.message, error.status) : c.text('', 500),
  );
  const send = (body: string) =>
    app.request('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  it('with a duplicate key is refused by name, as serde does', async () => {
    const res = await send('{"ptb":"a","ptb":"b"}');
    expect(res.status).toBe(422);
    expect(await res.text()).toContain('duplicate field `ptb`');
  });

  it('repeats a long key in part only', async () => {
    const key = JSON.stringify('k'.repeat(10_000));
    const res = await send(`{${key}:1,${key}:2}`);
    expect((await res.text()).length).toBeLessThan(200);
  });

  it('of broken JSON is 400 all the same', async () => {
    expect((await send('{"a":1,"a":2')).status).toBe(400);
  });

  it('without duplicates arrives', async () => {
    expect(await (await send('{"a":[1]}')).json()).toEqual({ a: [1] });
  });
});
