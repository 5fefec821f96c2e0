/** Questions to a person. They go to standard error, so that standard output stays a result. */
import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Terminal } from './deps.ts';
import { CommitteeError } from './errors.ts';

/** The terminal of this process; undefined when input or error output is something else. */
export function systemTerminal(): Terminal | undefined {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  return {
    ask: (question) => answer(process.stderr, question),
    async askSecret(question) {
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
      const typed = answer(silent, '');
      // Only now does the terminal show nothing of what is typed.
      process.stderr.write(question);
      try {
        return await typed;
      } finally {
        process.stderr.write('\n');
      }
    },
  };
}

/** Error: COMMITTEE_BAD_OPTION when the person ends the input instead of answering. */
function answer(output: NodeJS.WritableStream, question: string): Promise<string> {
  const lines = createInterface({
    input: process.stdin,
    output,
    terminal: true,
    // Answers, secrets among them, are not kept for the arrow keys.
    historySize: 0,
  });
  return new Promise((resolve, reject) => {
    let answered = false;
    lines.on('SIGTSTP', () => suspend(lines));
    lines.on('close', () => {
      if (answered) return;
      if (question !== '') process.stderr.write('\n');
      reject(new CommitteeError('COMMITTEE_BAD_OPTION', 'no answer; nothing was done'));
    });
    lines.question(question).then((text) => {
      answered = true;
      lines.close();
      resolve(text.trim());
    }, reject);
  });
}

/**
 * Control-Z. The shell waits for the whole group: with a launcher in front of this process, stopping
 * this process alone would leave a terminal that answers nobody.
 */
function suspend(lines: Interface): void {
  process.stdin.setRawMode(false);
  process.once('SIGCONT', () => {
    process.stdin.setRawMode(true);
    process.stdin.resume();
    lines.prompt(true);
  });
  process.kill(0, 'SIGTSTP');
}
