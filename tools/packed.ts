/**
 * The packages as strangers get them: packed, installed into an empty project, every documented import
 * resolved, every bin started. Needs `npm run build` before. Source conditions don't exist there.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { runNpm } from './runtime.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Manifest {
  readonly name: string;
  readonly exports: Record<string, unknown>;
  readonly bin?: Record<string, string>;
}

const packages = readdirSync(join(root, 'packages')).map((name) => {
  const dir = join(root, 'packages', name);
  const manifest: Manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  return { dir, manifest };
});

const faults: string[] = [];
const scratch = mkdtempSync(join(tmpdir(), 'seal-ts-packed-'));
try {
  for (const { dir, manifest } of packages) await lint(dir, manifest.name);
  install();
  for (const { manifest } of packages) {
    for (const subpath of Object.keys(manifest.exports)) checkImport(manifest.name, subpath);
    for (const bin of Object.keys(manifest.bin ?? {})) checkBin(bin);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const fault of faults) console.error(`FAIL ${fault}`);
console.log(`${packages.length} packages packed, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function lint(dir: string, name: string): Promise<void> {
  const { messages, pkg } = await publint({ pkgDir: dir, level: 'warning' });
  for (const message of messages) faults.push(`${name}: ${formatMessage(message, pkg)}`);
}

function install(): void {
  const pack = ['pack', '--workspaces', '--silent', '--pack-destination', scratch];
  succeed('npm pack', runNpm(pack, { cwd: root, encoding: 'utf8' }));
  const tarballs = readdirSync(scratch).filter((file) => file.endsWith('.tgz'));
  const dependencies = Object.fromEntries(
    tarballs.map((file) => [packageName(file), `file:./${file}`]),
  );
  const project = { name: 'stranger', private: true, type: 'module', dependencies };
  writeFileSync(join(scratch, 'package.json'), JSON.stringify(project));
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  succeed('npm install', runNpm(args, { cwd: scratch, encoding: 'utf8' }));
}

function packageName(tarball: string): string {
  const name = packages
    .map(({ manifest }) => manifest.name)
    .find((candidate) => tarball.startsWith(`${candidate.slice(1).replace('/', '-')}-0`));
  if (!name) throw new TypeError(`${tarball} belongs to no package`);
  return name;
}

function checkImport(name: string, subpath: string): void {
  const specifier = subpath === '.' ? name : `${name}${subpath.slice(1)}`;
  // A program's entry starts the program: resolving it is enough.
  const code =
    subpath === './main' ? `import.meta.resolve('${specifier}')` : `await import('${specifier}')`;
  const run = node(['--input-type=module', '-e', code]);
  if (run.status !== 0) faults.push(`${specifier} cannot be imported:\n${run.stderr}`);
}

function checkBin(bin: string): void {
  const run = node([join(scratch, 'node_modules', '.bin', bin), '--help']);
  if (run.status !== 0 || !run.stdout.includes(bin)) {
    faults.push(`${bin} --help does not work:\n${run.stdout}${run.stderr}`);
  }
}

function node(args: readonly string[]) {
  return spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8' });
}

function succeed(what: string, run: { status: number | null; stdout: unknown; stderr: unknown }) {
  if (run.status === 0) return;
  throw new TypeError(`${what} failed:\n${String(run.stdout)}${String(run.stderr)}`);
}
