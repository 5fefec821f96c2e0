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
  const interruption = new Interruption(stack, script);
  try {
    await script.step(story.start, (tell) => stack.ready(options.committee ? tell : () => {}));
    await story.tell(script, stack, plain);
    if (options.keep) await keep(script, stack);
    else {
      await stack.stop();
      stack.removeFolder();
    }
  } catch (error) {
    // Steps fail when everything is being stopped, and nobody wants to hear of that.
    await interruption.ended;
    await stack.stop().catch((fault) => terminal.note(messageOf(fault)));
    terminal.note(`logs of the stack: ${stack.files.logs}`);
    throw error;
  } finally {
    interruption.release();
  }
  script.end('Every step did what it should.');
}

async function keep(script: Script, stack: StackProcess): Promise<void> {
  await stack.keep();
  script.detail(`\nThe stack goes on: ${stack.manifest.chain.rpcUrl}`);
  script.detail(`stop it with: seal-dev down --dir ${stack.files.dir}`);
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

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal stops everything, leaves nothing, and ends this process. */
class Interruption {
  /** Once a signal has come: pending until this process ends. */
  ended: Promise<void> | undefined;
  readonly #stack: StackProcess;
  readonly #script: Script;

  constructor(stack: StackProcess, script: Script) {
    this.#stack = stack;
    this.#script = script;
    for (const signal of SIGNALS) process.on(signal, this.#begin);
  }

  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.#begin);
  }

  readonly #begin = (): void => {
    this.ended ??= this.#end();
  };

  async #end(): Promise<void> {
    this.#script.silence();
    terminal.note('\nstopping');
    try {
      await this.#stack.stop();
      this.#stack.removeFolder();
    } catch (error) {
      terminal.note(messageOf(error));
    }
    process.exit(130);
  }
}
