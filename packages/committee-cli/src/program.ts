/** The command line: names and options of seal-protocol.md §6.3, and what this tool adds. */

import { KEY_SCHEMES } from '@seal-ts/wallet';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  checkCommittee,
  MAX_INTERVAL_S,
  MIN_INTERVAL_S,
  status,
} from './commands/check-committee.ts';
import { stateCommand } from './commands/common.ts';
import { createMessage } from './commands/create-message.ts';
import { genkeyAndRegister } from './commands/genkey-and-register.ts';
import { initRotation } from './commands/init-rotation.ts';
import { processAllAndPropose } from './commands/process-all-and-propose.ts';
import { publishAndInit } from './commands/publish-and-init.ts';
import { exampleText, exportPublic } from './commands/texts.ts';
import {
  approveUpgrade,
  authorizeAndUpgrade,
  checkKeyServerStatus,
  packageDigestCommand,
  rejectUpgrade,
  resetProposal,
} from './commands/upgrade.ts';
import { verify } from './commands/verify.ts';
import {
  activeAddress,
  addresses,
  fund,
  gas,
  newAddress,
  newEnvironment,
  signAndExecute,
  switchWallet,
} from './commands/wallet.ts';
import type { CliDeps } from './deps.ts';
import { MAX_GAS_BUDGET } from './session.ts';

type Work<O> = (deps: CliDeps, options: O) => Promise<void> | void;

/** The whole command line. Actions throw; `runCli` tells people. */
export function program(deps: CliDeps): Command {
  const root = new Command('seal-committee-cli')
    .description('Key generation, rotation and upgrades of a decentralized Seal key server')
    .option('--wallet <path>', 'client.yaml of the Sui command line')
    .option('--active-address <address>', "act as this address of the wallet's")
    .option('--sender-address <address>', 'whom --unsigned builds for; whose coins gas lists')
    .option('--gas-budget <mist>', 'most that a transaction may cost', gasBudget)
    .showHelpAfterError('(add --help for usage)');
  for (const command of [
    ...ceremonyCommands(deps),
    ...lookingCommands(deps),
    ...upgradeCommands(deps),
    ...walletCommands(deps),
  ]) {
    root.addCommand(command.showHelpAfterError('(add --help for usage)'));
  }
  return root;
}

function ceremonyCommands(deps: CliDeps): Command[] {
  const unsigned = ['--unsigned', 'print the transaction instead of executing it', false] as const;
  const keys = ['-k, --keys-file <file>', 'path of dkg.key'] as const;
  return [
    run(
      deps,
      stateCommand('publish-and-init', 'coordinator: publish and start a committee'),
      publishAndInit,
    ),
    run(deps, stateCommand('init-rotation', 'coordinator: start a rotation'), initRotation),
    run(
      deps,
      stateCommand('genkey-and-register', 'member, phase A: make keys and register them')
        .requiredOption('-u, --server-url <url>', 'where your key server will be')
        .requiredOption('-n, --server-name <name>', 'name of your key server')
        .option(...keys)
        .option(...unsigned),
      genkeyAndRegister,
    ),
    run(
      deps,
      stateCommand('create-message', 'member, phase B: make your message')
        .option(
          '-o, --old-share <share>',
          'in a rotation, your current master share: hex, @file, or - for standard input',
        )
        .option('--key-server-id <id>', 'in a rotation, the key server that you run')
        .option(...keys),
      createMessage,
    ),
    run(
      deps,
      stateCommand('init-state', 'new member in a rotation, phase B').option(...keys),
      createMessage,
    ),
    run(
      deps,
      stateCommand('process-all-and-propose', 'member, phase C: compute and propose the result')
        .option(
          '-m, --messages-dir <dir>',
          'folder of all messages (default: <state>/dkg-messages)',
        )
        .option('--set-hash <hash>', 'refuse any other set of messages')
        .option(...keys)
        .option(...unsigned),
      processAllAndPropose,
    ),
  ];
}

function lookingCommands(deps: CliDeps): Command[] {
  return [
    run(deps, stateCommand('check-committee', 'show where the ceremony stands'), checkCommittee),
    run(
      deps,
      stateCommand('status', 'as check-committee, for scripts and for waiting')
        .option('-w, --watch', 'show changes until the committee is finalized', false)
        .option('--json', 'one JSON object for each change', false)
        .option('--interval <seconds>', 'how often to look', interval, 5),
      status,
    ),
    run(
      deps,
      stateCommand('verify', 'check the state directory against itself and the chain')
        .option('-m, --messages-dir <dir>', 'folder of all messages')
        .option('-k, --keys-file <file>', 'path of dkg.key'),
      verify,
    ),
    run(
      deps,
      stateCommand('export-public', 'the part of dkg.yaml that a coordinator shares').option(
        '--output <file>',
        'write it there instead of printing it',
      ),
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

function upgradeCommands(deps: CliDeps): Command[] {
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
      vote('check-key-server-status', 'show committee, package and proposal'),
      checkKeyServerStatus,
    ),
  ];
}

function walletCommands(deps: CliDeps): Command[] {
  const scheme = new Option('--key-scheme <scheme>').choices(KEY_SCHEMES).default('ed25519');
  const plain = (name: string, description: string) => new Command(name).description(description);
  return [
    run(
      deps,
      plain('new-address', 'make a key and its address active').addOption(scheme),
      newAddress,
    ),
    run(deps, plain('active-address', 'print the active address'), activeAddress),
    run(deps, plain('addresses', 'print all addresses of the wallet'), addresses),
    run(
      deps,
      plain('switch', 'change what is active')
        .option('--address <address>', 'address')
        .option('--env <alias>', 'environment'),
      switchWallet,
    ),
    run(
      deps,
      plain('new-env', 'add an environment to the wallet')
        .requiredOption('--alias <name>', 'its name')
        .requiredOption('--rpc <url>', 'URL of a full node'),
      newEnvironment,
    ),
    run(
      deps,
      plain('fund', 'ask a faucet for SUI').requiredOption('--faucet-url <url>', 'the faucet'),
      fund,
    ),
    run(
      deps,
      plain('sign-and-execute', 'sign and execute what --unsigned printed').requiredOption(
        '--tx-bytes <base64>',
        'BCS TransactionData',
      ),
      signAndExecute,
    ),
    run(deps, plain('gas', 'list gas coins'), gas),
  ];
}

function run<O>(deps: CliDeps, command: Command, work: Work<O>): Command {
  return command.action(async () => {
    await work(deps, command.optsWithGlobals() as O);
  });
}

function gasBudget(text: string): bigint {
  const budget = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
  if (budget < 1n || budget > MAX_GAS_BUDGET) {
    throw new InvalidArgumentError(`It must be 1 to ${MAX_GAS_BUDGET} MIST.`);
  }
  return budget;
}

function interval(text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds < MIN_INTERVAL_S || seconds > MAX_INTERVAL_S) {
    throw new InvalidArgumentError(`It must be ${MIN_INTERVAL_S} to ${MAX_INTERVAL_S} seconds.`);
  }
  return seconds;
}
