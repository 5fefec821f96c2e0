/** The command line of `seal-aggregator`. */

import { Command, Option } from 'commander';

export interface Handlers {
  run(options: { config?: string; host?: string }): Promise<void>;
  checkConfig(options: { config?: string; json: boolean }): void;
}

const EXAMPLES = `
Examples:
  Check a configuration, then run:
    $ seal-aggregator check-config --config aggregator.yaml
    $ seal-aggregator --config aggregator.yaml

  A configuration file:
    network: Testnet
    key_server_object_id: "0x…"
    api_credentials:
      "member-1":
        api_key_name: "x-api-key"
        api_key: "@/run/secrets/member-1"
        url: "https://member-1.example"

Environment:
  CONFIG_PATH    configuration file, when --config is not given
  PORT           port of the server (2024)
  SEAL_ENGINE    mcl (WebAssembly, the default) or noble (pure JavaScript, slower)
  RUST_LOG       trace, debug, info (default), warn, error or off

The server answers on PORT, metrics on 9184 (metrics_host_port). The first SIGTERM or SIGINT lets
requests in flight finish; a second one ends the process at once.`;

export function createProgram(handlers: Handlers, version: string): Command {
  const config = () => new Option('-c, --config <path>', 'configuration file (YAML)');
  const program = new Command('seal-aggregator')
    .description('Seal aggregator: one door to a committee of key servers')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(run with --help for usage)')
    .addHelpText('after', EXAMPLES);
  program
    .addOption(config())
    .option('--host <address>', 'interface of both listeners (default: 0.0.0.0)')
    .action(() => handlers.run(program.opts()));
  const check = program
    .command('check-config')
    .description('list every fault of the configuration; exit code 1 if there is any')
    .addOption(config())
    .option('--json', 'print one JSON object', false)
    .action(() => handlers.checkConfig(check.opts()));
  return program;
}
