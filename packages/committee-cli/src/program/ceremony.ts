/** Commands of a ceremony's phases (seal-protocol.md §6.3). */
import type { Command } from 'commander';
import { stateCommand } from '../commands/common.ts';
import { createMessage } from '../commands/create-message.ts';
import { genkeyAndRegister } from '../commands/genkey-and-register.ts';
import { initRotation } from '../commands/init-rotation.ts';
import { processAllAndPropose } from '../commands/process-all-and-propose.ts';
import { publishAndInit } from '../commands/publish-and-init.ts';
import type { CliDeps } from '../deps.ts';
import { run } from './run.ts';

export function ceremonyCommands(deps: CliDeps): Command[] {
  const unsigned = ['--unsigned', 'print the transaction instead of executing it', false] as const;
  const unverified = [
    '--unverified',
    'go on although nobody compared the committee (see verify)',
    false,
  ] as const;
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
        .option(...unverified)
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
        .option(...keys)
        .option(...unverified),
      createMessage,
    ),
    run(
      deps,
      stateCommand('init-state', 'new member in a rotation, phase B')
        .option(...keys)
        .option(...unverified),
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
