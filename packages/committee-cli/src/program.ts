/** The command line: names and options of seal-protocol.md §6.3, and what this tool adds. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { CliDeps } from './deps.ts';
import { apiKeyCommand } from './program/api-key.ts';
import { ceremonyCommands } from './program/ceremony.ts';
import { examplesOf } from './program/examples.ts';
import { lookingCommands } from './program/looking.ts';
import { upgradeCommands } from './program/upgrade.ts';
import { walletCommands } from './program/wallet.ts';
import { MAX_GAS_BUDGET } from './session.ts';

/** The whole command line. Actions throw; `runCli` tells people. */
export function program(deps: CliDeps): Command {
  const root = new Command('seal-committee-cli')
    .description('Key generation, rotation and upgrades of a decentralized Seal key server')
    .version(toolVersion(), '-V, --version', 'print the version of this tool')
    .option('--wallet <path>', 'client.yaml of the Sui command line, or its folder')
    .option('--active-address <address>', "act as this address of the wallet's")
    .option('--sender-address <address>', 'whom --unsigned builds for; whose coins gas lists')
    .option('--gas-budget <mist>', 'most that a transaction may cost', gasBudget)
    .showHelpAfterError('(add --help for usage)');
  const groups: [string, Command[]][] = [
    ['Ceremony, in the order of its phases:', ceremonyCommands(deps)],
    ['Looking, comparing and sharing:', lookingCommands(deps)],
    ['A committee that is in use:', [...upgradeCommands(deps), apiKeyCommand(deps)]],
    ['Wallet:', walletCommands(deps)],
  ];
  for (const [heading, commands] of groups) {
    for (const command of commands) {
      command.helpGroup(heading).showHelpAfterError('(add --help for usage)');
      const examples = examplesOf(command.name());
      if (examples !== undefined) command.addHelpText('after', examples);
      root.addCommand(command);
    }
  }
  return root;
}

function gasBudget(text: string): bigint {
  const budget = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
  if (budget < 1n || budget > MAX_GAS_BUDGET) {
    throw new InvalidArgumentError(`It must be 1 to ${MAX_GAS_BUDGET} MIST.`);
  }
  return budget;
}

function toolVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
