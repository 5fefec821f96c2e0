/** `seal-dev move publish`: compile a package and publish it to the running chain. */

import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { Command } from 'commander';
import { DevError } from '../../errors.ts';
import { connectControl } from '../../stack/control-client.ts';
import { stackFiles } from '../../stack/files.ts';
import { type AccountEntry, readManifest } from '../../stack/manifest.ts';
import { compileFrom, publish } from '../../stack/move-packages.ts';
import { action, command, DEFAULT_DIR, terminal } from '../output.ts';
import { failureJson, packagePath, publications, remember } from './package-path.ts';

interface PublishOptions {
  readonly path: string;
  readonly dir: string;
  readonly account: string;
  readonly json: boolean;
}

export function publishCommand(): Command {
  return command('publish', 'compile a Move package and publish it to the running chain', [
    'seal-dev move publish --path my-policy',
    'seal-dev move publish --path my-policy --account alice --json',
  ])
    .option('--path <dir>', 'folder with Move.toml', '.')
    .option('--dir <dir>', 'folder of the running stack', DEFAULT_DIR)
    .option('--account <name>', 'account of the stack that publishes', 'admin')
    .option('--json', 'print one JSON object', false)
    .action(action(publishPackage));
}

async function publishPackage(options: PublishOptions): Promise<void> {
  try {
    const { workspace, path } = packagePath(options.path);
    const files = stackFiles(options.dir);
    if (!(await connectControl(files))) {
      throw new DevError(
        'DEV_NOT_RUNNING',
        `no stack is running in ${files.dir}; start one with \`seal-dev up --dir ${options.dir}\``,
      );
    }
    const manifest = readManifest(files.manifest);
    const client = new SuiGrpcClient({ network: 'localnet', baseUrl: manifest.chain.rpcUrl });
    const signer = signerOf(manifest.accounts, options.account);
    const compiled = await compileFrom(workspace, path, publications(files, manifest));
    const published = await publish(client, signer, compiled);
    remember(files, compiled.name, published.packageId);
    if (options.json) {
      const { packageId, upgradeCapId, digest, created } = published;
      terminal.out(JSON.stringify({ packageId, upgradeCapId, digest, created }));
      return;
    }
    terminal.out(`published ${compiled.name} as ${published.packageId}`);
    terminal.out(`upgrade capability ${published.upgradeCapId}, owned by ${options.account}`);
    for (const { objectId, type } of published.created) terminal.out(`  ${objectId}  ${type}`);
  } catch (error) {
    if (options.json) terminal.out(failureJson(error));
    throw error;
  }
}

function signerOf(accounts: readonly AccountEntry[], name: string): Ed25519Keypair {
  const entry = accounts.find((account) => account.name === name);
  if (entry) return Ed25519Keypair.fromSecretKey(entry.privateKey);
  const known = accounts.map((account) => account.name).join(', ');
  throw new DevError('DEV_BAD_OPTION', `--account ${name}: the stack has ${known}`);
}
