/** What the Containerfile promises, as far as its text shows it; its steps run in `test:deploy`. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildSources, containerfile } from './support/containerfile.ts';
import { deployFile } from './support/programs.ts';

const rootFile = (path: string) => new URL(`../../${path}`, import.meta.url);
const runtime = JSON.parse(readFileSync(rootFile('tools/node-runtime.json'), 'utf8')) as {
  packages: Record<string, { version: string }>;
};
const instructions = containerfile();
const all = (name: string) => instructions.filter((i) => i.name === name).map((i) => i.rest);

describe('Containerfile', () => {
  it('pins the Node image to the version that the project is developed on', () => {
    const version = runtime.packages['linux-x64']?.version;
    const image = `docker.io/library/node:${version}-bookworm-slim`;
    expect(all('FROM')).toEqual([`${image} AS build`, image]);
  });

  it('runs as a user without rights, by number, and checks its health', () => {
    expect(all('USER')).toEqual(['10001:10001']);
    expect(all('HEALTHCHECK')).toHaveLength(1);
    const userAt = instructions.findIndex(({ name }) => name === 'USER');
    expect(instructions.slice(userAt).some(({ name }) => name === 'RUN')).toBe(false);
  });

  it('takes no secret while building', () => {
    expect(all('ARG')).toEqual([]);
    expect(all('ADD')).toEqual([]);
    expect(all('ENV')).toEqual(['NODE_ENV=production']);
    for (const source of all('COPY')) expect(source).not.toMatch(/^\.|[*]/);
  });

  it('copies what exists, and the ignore file lets it through', () => {
    const ignore = readFileSync(deployFile('container/Containerfile.dockerignore'), 'utf8');
    const allowed = ignore.split('\n').filter((line) => line.startsWith('!'));
    expect(ignore.split('\n').find((line) => line !== '' && !line.startsWith('#'))).toBe('**');
    for (const source of buildSources()) {
      expect(existsSync(rootFile(source)), source).toBe(true);
      const covered = allowed.some((line) => `${source}/`.startsWith(`${line.slice(1)}/`));
      expect(covered, source).toBe(true);
    }
  });
});
