/** The world of the tool: everything that tests replace. */
import { readFileSync } from 'node:fs';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { type RandomSource, systemRandom } from '@seal-ts/crypto';
import { frameworkSources } from '@seal-ts/localnet/framework';
import type { FrameworkSources } from '@seal-ts/move-build';
import type { NetworkName } from '@seal-ts/protocol';
import type { SignalSource } from '@seal-ts/service';
import { CommitteeError } from './errors.ts';
import { systemTerminal } from './terminal.ts';

/** A person at the keyboard. */
export interface Terminal {
  /** Shows the question and waits for a line. */
  readonly ask: (question: string) => Promise<string>;
  /** As `ask`, without showing what is typed. */
  readonly askSecret: (question: string) => Promise<string>;
}

export interface CliDeps {
  /** A result line, to standard output. */
  readonly out: (line: string) => void;
  /** Progress, warnings and faults, to standard error. */
  readonly note: (line: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly random: RandomSource;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Standard input as a whole, for secrets given as `-`. */
  readonly readStdin: () => string;
  /** Undefined when nobody can answer: standard input or error is no terminal. */
  readonly terminal: Terminal | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** What tells this process to end. */
  readonly signals: SignalSource;
  /** Ends this process at once. */
  readonly exit: (code: number) => void;
  readonly connect: (network: NetworkName, url: string) => SuiGrpcClient;
  /** Sources of the system packages that Move code is compiled against. */
  readonly framework: () => Promise<FrameworkSources>;
}

export const systemDeps: CliDeps = {
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  environment: process.env,
  get cwd() {
    return currentFolder();
  },
  random: systemRandom,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: Date.now,
  readStdin: () => readFileSync(0, 'utf8'),
  terminal: systemTerminal(),
  fetch: globalThis.fetch,
  signals: process,
  exit: (code) => process.exit(code),
  connect: (network, baseUrl) => new SuiGrpcClient({ network, baseUrl }),
  framework: frameworkSources,
};

/** Somebody may have removed the folder that this shell is in. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      'the folder you are in was removed or replaced; go to it again with `cd`, and repeat',
      { cause },
    );
  }
}
