/** Entry of the `seal-key-server` command. */

import { ConfigError, describeError } from '@seal-ts/service';
import packageJson from '../package.json' with { type: 'json' };
import { checkConfig } from './cli/check-config.ts';
import { createProgram } from './cli/program.ts';
import { run } from './cli/run.ts';

const gitVersion = `seal-ts-${packageJson.version}`;

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
  packageJson.version,
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
