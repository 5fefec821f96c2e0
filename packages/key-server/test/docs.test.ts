/** Every configuration in the documents is one that the server takes. */
import { readFileSync } from 'node:fs';
import { readConfig } from '@seal-ts/service';
import { describe, expect, it } from 'vitest';
import { fileSchema } from '../src/config/file-schema.ts';

const PAGES = ['../README.md', '../../../docs/key-server.md'];

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(new URL(page, import.meta.url), 'utf8');
  const snippets = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml]) => yaml ?? '');

  it('shows configurations', () => {
    expect(snippets.length).toBeGreaterThan(0);
  });

  it.each(snippets)('%s', (yaml) => {
    // Placeholders become ids, each another one; parts of a file get what every file has.
    let ids = 0;
    const id = () => `0x${(++ids).toString(16).padStart(64, '0')}`;
    const head = yaml.includes('network:') ? '' : 'network: Testnet\n';
    const mode = yaml.includes('server_mode:')
      ? ''
      : `server_mode: !Open { key_server_object_id: "${id()}" }\n`;
    const filled = yaml.replace(/0x…/g, id).replace('https://…', 'https://metrics.example');
    const { warnings } = readConfig({
      text: head + mode + filled,
      schema: fileSchema,
      source: page,
    });
    expect(warnings).toEqual([]);
  });
});
