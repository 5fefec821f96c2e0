/** The command line of `seal-key-server`. */

import { Command, Option } from 'commander';
import type { EngineChoice } from '../config/settings.ts';

export interface Handlers {
  run(options: { config?: string; engine?: EngineChoice; host?: string }): Promise<void>;
  checkConfig(options: { config?: string; json: boolean; keys: boolean }): void;
}

const EXAMPLES = `
Examples:
  Check a configuration and the keys in the environment, then run:
    $ export MASTER_KEY=@/run/secrets/master-key
    $ seal-key-server check-config --config key-server.yaml
    $ seal-key-server --config key-server.yaml

  An open server on testnet without a file:
    $ KEY_SERVER_OBJECT_ID=0x… MASTER_KEY=@key.hex NETWORK=testnet seal-key-server

  The smallest configuration file:
    network: Testnet
    server_mode: !Open
      key_server_object_id: "0x…"

Environment:
  CONFIG_PATH               configuration file, when --config is not given
  MASTER_KEY                master key (Open) or seed (Permissioned): 64 hex digits, or @ and the
                            path of a file with mode 0600
  PORT                      port of the server (2024)
  NODE_URL                  full node, unless the file has node_url
  FULL_NODE_RPC_API_NAME, FULL_NODE_RPC_API_KEY
                            header for every call to the full node
  SEAL_ENGINE               mcl (WebAssembly, the default) or noble (pure JavaScript, slower)
  RUST_LOG                  trace, debug, info (default), warn, error or off

The server answers on PORT, metrics on metrics_host_port (9184). The first SIGTERM or SIGINT lets
requests in flight finish; a second one ends the process at once.`;

export function createProgram(handlers: Handlers, version: string): Command {
  const config = () => new Option('-c, --config <path>', 'configuration file (YAML)');
  const program = new Command('seal-key-server')
    .description('Seal key server: hands out decryption keys to whoever a policy on Sui lets in')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(run with --help for usage)')
    .addHelpText('after', EXAMPLES);
  program
    .addOption(config())
    .addOption(new Option('--engine <name>', 'curve implementation').choices(['noble', 'mcl']))
    .option('--host <address>', 'interface of both listeners (default: 0.0.0.0)')
    .action(() => handlers.run(program.opts()));
  const check = program
    .command('check-config')
    .description('list every fault of configuration and keys; exit code 1 if there is any')
    .addOption(config())
    .option('--json', 'print one JSON object', false)
    .option('--no-keys', 'leave out the master keys')
    .action(() => handlers.checkConfig(check.opts()));
  return program;
}
