/** What the demo's screenplay prints about its steps, and what it does not once everything is being stopped. */
import { describe, expect, it } from 'vitest';
import { Script } from '../src/demo/script.ts';

function written() {
  const texts: string[] = [];
  return { script: new Script((text) => void texts.push(text)), said: () => texts.join('') };
}
const fail = () => Promise.reject(new TypeError('no connection'));

describe('a step', () => {
  it('that does what it should ends with how long it took', async () => {
    const { script, said } = written();
    expect(await script.step('Open it', async () => 7)).toBe(7);
    expect(said()).toMatch(/ 1\. Open it {2}\(\d/);
  });

  it('that fails says so', async () => {
    const { script, said } = written();
    await expect(script.step('Open it', fail)).rejects.toThrow('no connection');
    expect(said()).toContain('FAILED');
  });

  it('that is interrupted has not failed', async () => {
    const { script, said } = written();
    const step = script.step('Open it', (tell) => {
      script.silence();
      tell('half open');
      return fail();
    });
    await expect(step).rejects.toThrow('no connection');
    expect(said()).toContain('Open it');
    expect(said()).not.toMatch(/FAILED|half open/);
  });
});
