/** The parts of `deploy/container/Containerfile` that tests look at: one instruction per entry. */

import { readFileSync } from 'node:fs';
import { deployFile } from './programs.ts';

export interface Instruction {
  name: string;
  rest: string;
}

export function containerfile(): Instruction[] {
  return readFileSync(deployFile('container/Containerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', ...rest] = line.split(/\s+/);
      return { name, rest: rest.join(' ') };
    });
}

/** Paths of the clone that the build stage gets. */
export function buildSources(): string[] {
  const all = containerfile();
  const secondStage = all.findLastIndex(({ name }) => name === 'FROM');
  return all
    .slice(0, secondStage)
    .filter(({ name }) => name === 'COPY')
    .flatMap(({ rest }) => {
      const paths = rest.split(' ');
      return paths.slice(0, -1);
    });
}
