/** `api-key new`. */
import { Command, Option } from 'commander';
import { newApiKey } from '../commands/api-key.ts';
import { stateCommand } from '../commands/common.ts';
import type { CliDeps } from '../deps.ts';
import { run } from './run.ts';

const HELP = `
Nothing is sent or registered: the key counts once your proxy has its line. Examples:
  seal-committee-cli api-key new --output aggregator.key.txt
  seal-committee-cli api-key new --name example --url https://seal.example.com`;

export function apiKeyCommand(deps: CliDeps): Command {
  const create = stateCommand('new', 'make a key for the aggregator, with what proxies want')
    .option('--name <name>', 'your key server on chain (default: MY_SERVER_NAME of dkg.yaml)')
    .option('--url <url>', 'your key server (default: MY_SERVER_URL of dkg.yaml)')
    .option('--header <name>', 'header that carries the key', 'X-API-Key')
    .option('--client <name>', 'who gets the key, for the logs of your proxy', 'aggregator')
    .addOption(new Option('--proxy <kind>', 'your proxy').choices(['nginx']).default('nginx'))
    .option('--output <file>', 'write the key there (new, mode 0600) instead of printing it')
    .addHelpText('after', HELP);
  return new Command('api-key')
    .description('API keys for your key server')
    .addCommand(run(deps, create, newApiKey));
}
