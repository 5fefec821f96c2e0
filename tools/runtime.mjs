// Finds, or puts into the project folder, a Node.js new enough to run the project.
// No dependencies: this file runs before anything is installed, on whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pinned = JSON.parse(readFileSync(new URL('./node-runtime.json', import.meta.url), 'utf8'));

/** The export condition under which workspace packages resolve to their TypeScript sources. */
export const SOURCE_CONDITION = 'seal-ts-source';

/** Flags that every project process runs with. */
export const NODE_FLAGS = [`--conditions=${SOURCE_CONDITION}`];

/**
 * Environment of project processes. Node keeps compiled and type-stripped sources between runs, which
 * halves the start of every process; in `node_modules`, because whoever can write there owns the code
 * anyway, unlike the shared temporary folder that is Node's default.
 */
export const NODE_ENVIRONMENT = {
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node-compile-cache'),
};

function atLeast(version, minimum) {
  const a = version.replace(/^v/, '').split('.').map(Number);
  const b = minimum.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    if (a[i] !== b[i]) return a[i] > b[i];
  }
  return true;
}

/** Path of the Node binary that the project runs under; installs it when the machine's is too old. */
export function projectNode(log = (line) => process.stderr.write(`${line}\n`)) {
  if (atLeast(process.version, pinned.minimum)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const entry = pinned.packages[platform];
  if (!entry) {
    throw new Error(
      `Node ${process.version} is older than ${pinned.minimum}, and no packaged Node is recorded for ` +
        `${platform}. Install Node ${pinned.minimum} or newer and run the command again.`,
    );
  }
  const exe = process.platform === 'win32' ? 'node.exe' : 'node';
  const home = join(root, '.node', `v${entry.version}-${platform}`);
  const binary = join(home, 'bin', exe);
  if (existsSync(binary)) return binary;
  log(
    `setup: Node ${process.version} is older than ${pinned.minimum}; ` +
      `putting ${entry.name}@${entry.version} into .node/`,
  );
  install(entry, home, exe);
  return binary;
}

function install(entry, home, exe) {
  mkdirSync(dirname(home), { recursive: true });
  const scratch = mkdtempSync(join(dirname(home), 'incoming-'));
  try {
    const spec = `${entry.name}@${entry.version}`;
    const packed = runNpm(['pack', spec, '--silent', '--pack-destination', scratch], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: scratch,
    });
    const archive = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
    if (packed.status !== 0 || !archive) {
      throw new Error(`could not download ${spec}: is the npm registry reachable?`);
    }
    const bytes = readFileSync(join(scratch, archive));
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (integrity !== entry.integrity) {
      throw new Error(`${spec} has integrity ${integrity}, expected ${entry.integrity}; not used`);
    }
    const binary = fileFromTar(gunzipSync(bytes), `package/bin/${exe}`);
    mkdirSync(join(scratch, 'home', 'bin'), { recursive: true });
    writeFileSync(join(scratch, 'home', 'bin', exe), binary);
    chmodSync(join(scratch, 'home', 'bin', exe), 0o755);
    try {
      renameSync(join(scratch, 'home'), home);
    } catch (error) {
      // Another command may have finished the same set-up first.
      if (!existsSync(join(home, 'bin', exe))) throw error;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** One file of an uncompressed POSIX tar archive. */
function fileFromTar(tar, wanted) {
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8) || 0;
    if (name === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${wanted} is not in the downloaded package`);
}

/** Runs npm, under `node` when given, so that installs are resolved for the project's Node. */
export function runNpm(args, options = {}, node = process.execPath) {
  const env = { ...process.env, ...options.env };
  env.PATH = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
  const cli = npmCli();
  if (cli) return spawnSync(node, [cli, ...args], { ...options, env });
  return spawnSync('npm', args, { ...options, env, shell: process.platform === 'win32' });
}

function npmCli() {
  const candidates = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
}
