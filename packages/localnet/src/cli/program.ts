/** The `seal-localnet` command: its options, help and examples (spec localnet §7). */
import { Command, Option } from 'commander';
import { MAX_ACCOUNTS } from '../rpc/accounts.ts';
import { LOOPBACK } from '../rpc/stack.ts';
import { MAX_INTERVAL_MS, MIN_EPOCH_MS } from '../rpc/start.ts';
import { parseNonEmpty, parsePort, parseWhole } from './options.ts';

/** Port of the RPC server, as Sui's own. */
export const DEFAULT_PORT = 9000;
/** Where the official client looks for the faucet of a local network. */
export const DEFAULT_FAUCET_PORT = 9123;

/** What `seal-localnet start` was asked for. */
export interface StartFlags {
  host: string;
  port: number;
  /** Undefined: the default port when it is free. */
  faucetPort?: number;
  adminPort: number;
  adminTokenFile?: string;
  checkpointMs?: number;
  epochMs?: number;
  accounts: number;
  dataDir?: string;
  frameworkFrom?: string;
  json: boolean;
}

const EXAMPLES = `
Examples:
  seal-localnet start                         RPC on 9000, faucet on 9123, loopback only
  seal-localnet start --accounts 3            with three funded accounts, keys printed
  seal-localnet start --data-dir ./chain      goes on where it stopped
  seal-localnet start --port 0 --json         on free ports, told as one line of JSON
  seal-localnet start --framework-from https://fullnode.mainnet.sui.io:443
                                              on the framework of a public network
  seal-localnet start --checkpoint-ms 0       a checkpoint for each transaction
  curl -X POST -H "authorization: Bearer $(cat TOKEN_FILE)" \\
       -d '{"advanceMs": 60000}' ADMIN_URL/v1/clock
                                              moves the chain's clock one minute on
`;

/** Builds the command; `start` runs it. */
export function createProgram(
  version: string,
  start: (flags: StartFlags) => Promise<void>,
): Command {
  const program = new Command('seal-localnet')
    .description('A development ledger that speaks to Sui clients. Not a validator.')
    .version(version)
    .showHelpAfterError('(seal-localnet start --help shows every option)')
    .addHelpText('after', EXAMPLES);
  program
    .command('start')
    .description('start a ledger and serve it until Ctrl-C')
    .option('--host <address>', 'address to listen on', LOOPBACK)
    .addOption(
      new Option('--port <port>', 'gRPC-web, faucet and MVR; 0 picks a free one')
        .default(DEFAULT_PORT)
        .argParser(parsePort),
    )
    .option(
      '--faucet-port <port>',
      `the faucet's own port; 0 picks a free one (default: ${DEFAULT_FAUCET_PORT} when it is free)`,
      parsePort,
    )
    .addOption(
      new Option(
        '--admin-port <port>',
        'clock, epochs, registry; loopback only; 0 picks a free one',
      )
        .default(0)
        .argParser(parsePort),
    )
    .option(
      '--admin-token-file <file>',
      'where the admin token goes (default: the data folder, or a private one)',
    )
    .option(
      '--checkpoint-ms <n>',
      'milliseconds between checkpoints while there is work; 0: one for each transaction',
      wholeNumber(0),
    )
    .option(
      '--epoch-ms <n>',
      'length of an epoch (default: ended by hand)',
      wholeNumber(MIN_EPOCH_MS),
    )
    .addOption(
      new Option('--accounts <n>', 'funded development accounts to make and print')
        .default(0)
        .argParser((text) => parseWhole(text, 0, MAX_ACCOUNTS, `0 to ${MAX_ACCOUNTS}`)),
    )
    .option('--data-dir <folder>', 'keep the ledger there across restarts (default: memory only)')
    .option(
      '--framework-from <url|folder>',
      'packages 0x1 and 0x2 of a new chain: from a full node, or from 0x1/*.mv and 0x2/*.mv in a ' +
        'folder (default: our own)',
      parseNonEmpty('a URL or a folder'),
    )
    .option('--json', 'print one line of JSON instead of text', false)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: StartFlags) => start(flags));
  return program;
}

function wholeNumber(least: number): (text: string) => number {
  return (text) =>
    parseWhole(text, least, MAX_INTERVAL_MS, `milliseconds from ${least} to ${MAX_INTERVAL_MS}`);
}
