/** Entry of the `seal-key-server` command. */

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
    async run({ config, engine, host }) {
      const options = { configPath: config, engine, host };
      const exit = (code: number) => process.exit(code);
      const forget = (name: string) => void delete process.env[name];
      await run(options, { env: process.env, forget, signals: process, exit, gitVersion });
    },
    checkConfig({ config, json, keys }) {
      const print = (line: string) => void process.stdout.write(`${line}\n`);
      process.exitCode = checkConfig(
        { configPath: config, json, keys },
        { env: process.env, print },
      );
    },
  },
  version,
);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`seal-key-server: ${describeError(error)}\n`);
  if (error instanceof ConfigError) {
    process.stderr.write('Run `seal-key-server check-config` after correcting them.\n');
  }
  process.exit(1);
}
