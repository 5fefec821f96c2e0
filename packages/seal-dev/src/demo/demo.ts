/** Runs the demo: a stack of its own, a file, and one of two stories about them. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminal } from '../cli/output.ts';
import { DevError, messageOf } from '../errors.ts';
import { committeeStory } from './committee-story.ts';
import type { Plain } from './reader.ts';
import { Script } from './script.ts';
import { serversStory } from './servers-story.ts';
import { StackProcess } from './stack-process.ts';

export interface DemoOptions {
  readonly file: string | undefined;
  readonly dir: string | undefined;
  readonly keep: boolean;
  /** Tell of a committee and its rotation instead of independent servers alone. */
  readonly committee: boolean;
}

export interface Story {
  /** The first step: starting the stack. */
  readonly start: string;
  /** Options of `seal-dev up`. */
  readonly stack: readonly string[];
  /** Every other step. Errors: DEV_DEMO_FAILED when one did not do what it should. */
  tell(script: Script, stack: StackProcess, plain: Plain): Promise<void>;
}

/** Runs the demo. Errors: DEV_DEMO_FAILED when a step did not do what it should. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const story = options.committee ? committeeStory : serversStory;
  const file = options.file ?? samplePicture();
  const plain = { name: basename(file), content: readFile(file) };
  const script = new Script((text) => process.stdout.write(text));
  const stack = await StackProcess.launch(options.dir, ...story.stack);
  const release = stopOnSignal(stack);
  try {
    await script.step(story.start, (tell) => stack.ready(options.committee ? tell : () => {}));
    await story.tell(script, stack, plain);
  } catch (error) {
    await stack.stop().catch((fault) => terminal.note(messageOf(fault)));
    terminal.note(`logs of the stack: ${stack.files.logs}`);
    throw error;
  } finally {
    release();
  }
  if (options.keep) {
    await stack.keep();
    script.detail(`\nThe stack goes on: ${stack.manifest.chain.rpcUrl}`);
    script.detail(`stop it with: seal-dev down --dir ${stack.files.dir}`);
  } else {
    await stack.stop();
    stack.removeFolder();
  }
  script.end('Every step did what it should.');
}

function samplePicture(): string {
  return fileURLToPath(new URL('../../../../examples/seal.png', import.meta.url));
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new DevError(
      'DEV_FILE',
      `cannot read ${path}: ${messageOf(error)}. Give the path of a readable file.`,
      { cause: error },
    );
  }
}

/** A signal ends everything and leaves nothing; answers how to end that. */
function stopOnSignal(stack: StackProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stopping = false;
  const end = () => {
    if (stopping) return;
    stopping = true;
    terminal.note('\nstopping');
    stack
      .stop()
      .then(() => stack.removeFolder())
      .catch((error: unknown) => terminal.note(messageOf(error)))
      .finally(() => process.exit(130));
  };
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
