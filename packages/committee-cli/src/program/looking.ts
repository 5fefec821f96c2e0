/** Commands that look at a ceremony, and files to start from and to share. */
import { Command, InvalidArgumentError } from 'commander';
import { checkCommittee } from '../commands/check-committee.ts';
import { stateCommand } from '../commands/common.ts';
import { MAX_INTERVAL_S, MIN_INTERVAL_S, status } from '../commands/status.ts';
import { exampleText, exportPublic } from '../commands/texts.ts';
import { verify } from '../commands/verify.ts';
import type { CliDeps } from '../deps.ts';
import { runWithBoard } from './board.ts';
import { run } from './run.ts';

export function lookingCommands(deps: CliDeps): Command[] {
  return [
    run(deps, stateCommand('check-committee', 'show where the ceremony stands'), checkCommittee),
    runWithBoard(
      deps,
      stateCommand('status', 'who is waited for, and what you do next')
        .option('-w, --watch', 'show changes until the committee is finalized', false)
        .option('--json', 'one JSON object for each change', false)
        .option('--interval <seconds>', 'how often to look', interval, 5)
        .option('-m, --messages-dir <dir>', 'folder of all messages'),
      status,
    ),
    runWithBoard(
      deps,
      stateCommand('verify', 'compare the committee with what you know, and check your files')
        .option('--trusted <file>', 'your own list of members and threshold')
        .option('--members <addresses>', 'instead of a file: members in party order, with commas')
        .option('--threshold <number>', 'instead of a file: the threshold')
        .option('--key-server-id <id>', 'instead of a file, in a rotation: the key server you run')
        .option('--rpc-url <url>', "your own node (default: the wallet's for the network)")
        .option('-m, --messages-dir <dir>', 'folder of all messages')
        .option('-k, --keys-file <file>', 'path of dkg.key')
        .option('--share-file <file>', 'where your master share is, when not in dkg.yaml'),
      verify,
    ),
    run(
      deps,
      stateCommand('export-public', 'the part of dkg.yaml that a coordinator shares')
        .option('--output <file>', 'write it there instead of printing it')
        .option('--committee-id <id>', 'from the chain, when the file is lost')
        .option('-n, --network <network>', 'with --committee-id: mainnet or testnet')
        .option('--rpc-url <url>', "with --committee-id: node of one of the wallet's environments")
        .option('--coordinator <address>', 'with --committee-id: who started the ceremony')
        .option('--seal-package <id>', 'with --committee-id: package seal of a private network'),
      exportPublic,
    ),
    run<{ rotation: boolean }>(
      deps,
      new Command('example')
        .description('print a dkg.yaml to start from')
        .option('--rotation', 'for a rotation', false),
      (_, { rotation }) => deps.out(exampleText(rotation).trimEnd()),
    ),
  ];
}

function interval(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds < MIN_INTERVAL_S || seconds > MAX_INTERVAL_S) {
    throw new InvalidArgumentError(`It must be ${MIN_INTERVAL_S} to ${MAX_INTERVAL_S} seconds.`);
  }
  return seconds;
}
