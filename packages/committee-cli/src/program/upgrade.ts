/** Commands on a finalized committee: upgrade votes (seal-protocol.md §6.3.7), a server's URL. */
import { Command, Option } from 'commander';
import { updateUrl } from '../commands/update-url.ts';
import {
  approveUpgrade,
  authorizeAndUpgrade,
  checkKeyServerStatus,
  packageDigestCommand,
  rejectUpgrade,
  resetProposal,
} from '../commands/upgrade.ts';
import type { CliDeps } from '../deps.ts';
import { run } from './run.ts';

export function upgradeCommands(deps: CliDeps): Command[] {
  const network = ['-n, --network <network>', 'mainnet or testnet'] as const;
  const rpc = ['--rpc-url <url>', "node of one of the wallet's environments"] as const;
  const path = ['-p, --package-path <dir>', 'Move package (default: move/committee)'] as const;
  const seal = ['--seal-package <id>', 'package seal, where the network has no fixed one'] as const;
  const vote = (name: string, description: string) =>
    new Command(name)
      .description(description)
      .requiredOption('-k, --key-server-id <id>', "object id of the committee's key server")
      .requiredOption(...network)
      .option(...rpc);
  const unsigned = ['--unsigned', 'print the transaction instead of executing it', false] as const;
  return [
    run(
      deps,
      new Command('package-digest')
        .description('digest of the Move package that an upgrade would bring')
        .requiredOption(...network)
        .option(...rpc)
        .option(...path)
        .option(...seal),
      packageDigestCommand,
    ),
    run(
      deps,
      vote('approve-upgrade', 'vote for the local package')
        .option(...path)
        .option(...seal)
        .option(...unsigned),
      approveUpgrade,
    ),
    run(
      deps,
      vote('reject-upgrade', 'vote against the proposed upgrade')
        .addOption(new Option('-p, --package-path <dir>', 'accepted and not used').hideHelp())
        .option(...unsigned),
      rejectUpgrade,
    ),
    run(
      deps,
      vote('authorize-and-upgrade', 'execute the approved upgrade')
        .option(...path)
        .option(...seal)
        .option(...unsigned),
      authorizeAndUpgrade,
    ),
    run(deps, vote('reset-proposal', 'drop a rejected proposal'), resetProposal),
    run(
      deps,
      vote('update-url', 'member: your key server has another URL from now on')
        .requiredOption('-u, --server-url <url>', 'the new URL')
        .option(...unsigned),
      updateUrl,
    ),
    run(
      deps,
      vote('check-key-server-status', 'show committee, package and proposal'),
      checkKeyServerStatus,
    ),
  ];
}
