/** Commands of a ceremony's phases (seal-protocol.md §6.3). */
import type { Command } from 'commander';
import { checkComplaint } from '../commands/check-complaint.ts';
import { chooseMessages } from '../commands/choose-messages.ts';
import { stateCommand } from '../commands/common.ts';
import { createMessage, initState } from '../commands/create-message.ts';
import { genkeyAndRegister } from '../commands/genkey-and-register.ts';
import { initRotation } from '../commands/init-rotation.ts';
import { processAllAndPropose } from '../commands/process-all-and-propose.ts';
import { publishAndInit } from '../commands/publish-and-init.ts';
import type { CliDeps } from '../deps.ts';
import { boardCommand, runAndPost, runStepWithBoard } from './board.ts';
import { run, runStep } from './run.ts';

const CHOOSE_HELP = `
Members refuse any other messages than the ones that you sign here. Examples:
  seal-committee-cli choose-messages
  seal-committee-cli choose-messages --from 0,2 --output dkg-state/chosen`;

const COMPLAINT_HELP = `
Exit code 0: the accused sender is at fault; 3: the complaint proves nothing; 1: it cannot be judged.
Example, with the line that the member got from process-all-and-propose:
  seal-committee-cli check-complaint --accuser 1 --message message_0.json --complaint 0x…`;

const UNSIGNED = ['--unsigned', 'print the transaction instead of executing it', false] as const;
const UNVERIFIED = [
  '--unverified',
  'go on although nobody compared the committee (see verify)',
  false,
] as const;
const KEYS_FILE = ['-k, --keys-file <file>', 'path of dkg.key'] as const;

/** In the order in which they are used. */
export function ceremonyCommands(deps: CliDeps): Command[] {
  return [
    ...registrationCommands(deps),
    ...messageCommands(deps),
    ...resultCommands(deps),
    boardCommand(deps),
  ];
}

/** The committee, and phase A. */
function registrationCommands(deps: CliDeps): Command[] {
  return [
    runStep(
      deps,
      stateCommand('publish-and-init', 'coordinator: publish and start a committee'),
      publishAndInit,
    ),
    runStep(deps, stateCommand('init-rotation', 'coordinator: start a rotation'), initRotation),
    runStepWithBoard(
      deps,
      stateCommand('genkey-and-register', 'member, phase A: make keys and register them')
        .requiredOption('-u, --server-url <url>', 'where your key server will be')
        .requiredOption('-n, --server-name <name>', 'name of your key server')
        .option(...KEYS_FILE)
        .option(...UNVERIFIED)
        .option(...UNSIGNED),
      genkeyAndRegister,
    ),
  ];
}

/** Phase B. */
function messageCommands(deps: CliDeps): Command[] {
  return [
    runAndPost(
      deps,
      stateCommand('create-message', 'member, phase B: make your message')
        .option(
          '-o, --old-share [share]',
          'in a rotation, your current master share: @file, - for standard input, or asked for',
        )
        .option('--key-server-id <id>', 'in a rotation, the key server that you run')
        .option(...KEYS_FILE)
        .option(...UNVERIFIED),
      createMessage,
    ),
    runStepWithBoard(
      deps,
      stateCommand('init-state', 'new member in a rotation, phase B')
        .option(...KEYS_FILE)
        .option(...UNVERIFIED),
      initState,
    ),
  ];
}

/** Phase C. */
function resultCommands(deps: CliDeps): Command[] {
  return [
    runStepWithBoard(
      deps,
      stateCommand('choose-messages', 'coordinator: check, choose and sign the messages')
        .option('-m, --messages-dir <dir>', 'folder of messages (default: <state>/dkg-messages)')
        .option('--from <parties>', 'only the messages of these party ids, such as 0,2')
        .option('--output <dir>', 'copy what is chosen to this new folder')
        .addHelpText('after', CHOOSE_HELP),
      chooseMessages,
    ),
    run(
      deps,
      stateCommand('check-complaint', 'coordinator: who is at fault when a member complains')
        .requiredOption('--accuser <party>', 'party id of the member who complains')
        .requiredOption('--message <file>', 'the message that the complaint is about')
        .requiredOption('--complaint <hex>', 'the complaint, or @file')
        .option('--json', 'the verdict as JSON', false)
        .addHelpText('after', COMPLAINT_HELP),
      checkComplaint,
    ),
    runStepWithBoard(
      deps,
      stateCommand('process-all-and-propose', 'member, phase C: compute and propose the result')
        .option(
          '-m, --messages-dir <dir>',
          'folder of all messages (default: <state>/dkg-messages)',
        )
        .option('--set-hash <hash>', 'refuse any other set of messages')
        .option('--share-file <file>', 'put the master share there, and not into dkg.yaml')
        .option(...KEYS_FILE)
        .option(...UNSIGNED),
      processAllAndPropose,
    ),
  ];
}
