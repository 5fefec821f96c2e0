/** The same sources are compiled once; anything else anew. */
import { describe, expect, it, vi } from 'vitest';
import { compilePackage } from '../src/index.ts';
import { RecentResults } from '../src/recent-results.ts';
import { build, id, movePackage } from './fixtures.ts';

describe('recent results', () => {
  it('are computed once, also when two ask at the same time', async () => {
    const compute = vi.fn(async () => ({}));
    const results = new RecentResults(2);
    const [first, second] = await Promise.all([
      results.get('a', compute),
      results.get('a', compute),
    ]);
    expect(second).toBe(first);
    expect(await results.get('a', compute)).toBe(first);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  it('go when others were asked for more recently', async () => {
    const asked: string[] = [];
    const results = new RecentResults<string>(2);
    const get = (key: string) =>
      results.get(key, async () => {
        asked.push(key);
        return key;
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await get(key)).toBe(key);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('are not kept when they are failures', async () => {
    const results = new RecentResults<string>(2);
    const fail = () => Promise.reject(new TypeError('no'));
    await expect(results.get('a', fail)).rejects.toThrow('no');
    expect(await results.get('a', async () => 'yes')).toBe('yes');
  });
});

describe('compiling again', () => {
  const returning = (body: string) =>
    build({ 'move/a': movePackage('a', `module a::a;\npublic fun x(): u64 { ${body} }\n`) });
  const digestOf = async (options: Parameters<typeof compilePackage>[0]) =>
    Buffer.from((await compilePackage(options)).digest).toString('hex');

  it('gives the same package, in bytes of its own', async () => {
    const [first, second] = [
      await compilePackage(returning('1')),
      await compilePackage(returning('1')),
    ];
    expect(second).toEqual(first);
    first.modules[0]?.bytes.fill(0);
    expect(second.modules[0]?.bytes).not.toEqual(first.modules[0]?.bytes);
    expect(await digestOf(returning('1'))).toBe(await digestOf(returning('1')));
  });

  it('sees other code and another framework', async () => {
    expect(await digestOf(returning('2'))).not.toBe(await digestOf(returning('3')));
    const { framework, ...rest } = returning('std::two::two()');
    await expect(compilePackage({ ...rest, framework })).rejects.toThrow('two');
    const two = 'module std::two;\npublic fun two(): u64 { 2 }\n';
    const std = { ...framework.std, 'sources/two.move': two };
    await compilePackage({ ...rest, framework: { ...framework, std } });
    await expect(compilePackage({ ...rest, framework })).rejects.toThrow('two');
  });

  it('sees where a dependency is', async () => {
    const packages = {
      'move/a': movePackage('a', 'module a::a;\npublic fun x(): u64 { 1 }\n'),
      'move/b': movePackage('b', 'module b::b;\npublic fun y(): u64 { a::a::x() }\n', {
        a: '../a',
      }),
    };
    for (const at of [id('a1'), id('a2')]) {
      const { dependencies } = await compilePackage({
        ...build(packages, 'move/b'),
        published: { a: { publishedAt: at, originalId: at } },
      });
      expect(dependencies).toContain(at);
    }
  });

  it('tells a failure each time', async () => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      const failing = compilePackage(returning('true'));
      await expect(failing).rejects.toMatchObject({ code: 'MOVE_BUILD_COMPILE' });
    }
  });
});
