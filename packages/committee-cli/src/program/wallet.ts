/** The wallet's own commands. */
import { KEY_SCHEMES } from '@seal-ts/wallet';
import { Command, Option } from 'commander';
import {
  activeAddress,
  activeEnvironment,
  addresses,
  environments,
  fund,
  gas,
  newAddress,
  newEnvironment,
  signAndExecute,
  switchWallet,
} from '../commands/wallet.ts';
import type { CliDeps } from '../deps.ts';
import { run } from './run.ts';

export function walletCommands(deps: CliDeps): Command[] {
  const scheme = new Option('--key-scheme <scheme>').choices(KEY_SCHEMES).default('ed25519');
  const plain = (name: string, description: string) => new Command(name).description(description);
  return [
    run(
      deps,
      plain('new-address', 'make a key and its address active').addOption(scheme),
      newAddress,
    ),
    run(deps, plain('active-address', 'print the active address'), activeAddress),
    run(deps, plain('active-env', 'print the active environment'), activeEnvironment),
    run(deps, plain('envs', 'list the environments of the wallet'), environments),
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
      plain('sign-and-execute', 'show, sign and execute what --unsigned printed')
        .requiredOption('--tx-bytes <base64>', 'BCS TransactionData')
        .option('--yes', 'do not ask at a terminal before signing', false),
      signAndExecute,
    ),
    run(deps, plain('gas', 'list gas coins'), gas),
  ];
}
