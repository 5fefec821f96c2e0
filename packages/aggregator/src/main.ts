/** Entry of the `seal-aggregator` command. */

import { readFileSync } from 'node:fs';
import { ConfigError, describeError } from '@seal-ts/service';
import { checkConfig } from './cli/check-config.ts';
import { createProgram } from './cli/program.ts';
import { run } from './cli/run.ts';

// Read, not imported: the file is one level above the sources, and above the compiled output.
const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };
const gitVersion = `seal-ts-${version}`;

const program = createProgram(
  {
    async run({ config, host }) {
      const exit = (code: number) => process.exit(code);
      await run(
        { configPath: config, host },
        { env: process.env, signals: process, exit, gitVersion },
      );
    },
    checkConfig({ config, json }) {
      const print = (line: string) => void process.stdout.write(`${line}\n`);
      process.exitCode = checkConfig({ configPath: config, json }, { env: process.env, print });
    },
  },
  version,
);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`seal-aggregator: ${describeError(error)}\n`);
  if (error instanceof ConfigError) {
    process.stderr.write('Run `seal-aggregator check-config` after correcting them.\n');
  }
  process.exit(1);
}
