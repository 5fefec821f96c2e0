/** Entry of the `seal-localnet` command. */
import packageJson from '../package.json' with { type: 'json' };
import { createProgram } from './cli/program.ts';
import { runStart } from './cli/start.ts';

const { version } = packageJson;

const program = createProgram(version, async (flags) => {
  await runStart(flags, {
    out: (line) => void process.stdout.write(`${line}\n`),
    warn: (line) => void process.stderr.write(`${line}\n`),
    signals: process,
    exit: (code) => process.exit(code),
    version,
    now: () => performance.now(),
  });
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`seal-localnet: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
