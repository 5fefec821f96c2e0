/** `seal-dev move build`: compile a package; nothing is sent anywhere. */

import { formatDiagnostic } from '@seal-ts/move-build';
import type { Command } from 'commander';
import { connectControl } from '../../stack/control-client.ts';
import { stackFiles } from '../../stack/files.ts';
import { readManifest } from '../../stack/manifest.ts';
import { compileFrom, type Publications } from '../../stack/move-packages.ts';
import { action, command, DEFAULT_DIR, terminal } from '../output.ts';
import { failureJson, packagePath, publications } from './package-path.ts';

interface BuildOptions {
  readonly path: string;
  readonly dir: string;
  readonly json: boolean;
}

export function buildCommand(): Command {
  return command('build', 'compile a Move package offline', [
    'seal-dev move build --path my-policy',
    'seal-dev move build --path my-policy --json',
  ])
    .option('--path <dir>', 'folder with Move.toml', '.')
    .option('--dir <dir>', 'stack whose packages dependencies may link to', DEFAULT_DIR)
    .option('--json', 'print one JSON object', false)
    .action(action(build));
}

async function build(options: BuildOptions): Promise<void> {
  try {
    const { workspace, path } = packagePath(options.path);
    const known = await knownPackages(options.dir);
    const compiled = await compileFrom(workspace, path, known, 'unpublished');
    if (options.json) {
      terminal.out(
        JSON.stringify({
          name: compiled.name,
          modules: compiled.modules.map(({ name, bytes }) => ({
            name,
            bytes: Buffer.from(bytes).toString('base64'),
          })),
          dependencies: compiled.dependencies,
          digest: Buffer.from(compiled.digest).toString('hex'),
          warnings: compiled.warnings,
        }),
      );
      return;
    }
    for (const warning of compiled.warnings) terminal.note(formatDiagnostic(warning));
    for (const { name, bytes } of compiled.modules) terminal.out(`${name}: ${bytes.length} bytes`);
    terminal.out(`digest ${Buffer.from(compiled.digest).toString('hex')}`);
  } catch (error) {
    if (options.json) terminal.out(failureJson(error));
    throw error;
  }
}

/** A build needs no chain; with one running, dependencies on it get their real ids. */
async function knownPackages(dir: string): Promise<Publications> {
  const files = stackFiles(dir);
  if (!(await connectControl(files))) return {};
  return publications(files, readManifest(files.manifest));
}
