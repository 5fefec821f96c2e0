/** Entry of `seal-committee-cli`. */
import { runCli } from './index.ts';

// Whoever reads the output may go away; a board goes on, and so does a step of a ceremony.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2));
