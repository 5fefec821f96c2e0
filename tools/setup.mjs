// Brings a clone into a state in which every command works: Node, packages, compiled framework.
// Each step is skipped when its inputs have not changed since it last succeeded.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS, projectNode, root, runNpm } from './runtime.mjs';

const STAMP = join(root, 'node_modules', '.seal-ts-setup');

/** Prepares the clone and returns the Node binary to run project code with. */
export function setUp({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const node = projectNode(log);
  installPackages(node, log);
  buildFramework(node, log);
  return node;
}

function installPackages(node, log) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const want = createHash('sha256').update(lock).digest('hex');
  const have = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  if (have === want) return;
  log('setup: installing packages from package-lock.json (once; about a minute)');
  rmSync(STAMP, { force: true });
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = runNpm(args, { cwd: root, stdio: ['ignore', 2, 2] }, node);
  if (done.status !== 0) {
    throw new Error('npm ci failed; the lines above say why. Nothing else was changed.');
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(STAMP, want);
}

function buildFramework(node, log) {
  const script = join(root, 'packages', 'localnet', 'tools', 'build-framework.ts');
  if (!existsSync(script)) return;
  const done = spawnSync(node, [...NODE_FLAGS, script, '--if-changed'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) throw new Error('compiling the Move framework failed; see above');
  void log;
}
