/** The getting-started guide, followed to the letter: its policy, its manifest file, its program. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealDev } from '../support/seal-dev.ts';
import { type TestStack, temporaryFolder, testStack } from '../support/stack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/getting-started.md'), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] as string,
  );

let stack: TestStack;
const scratch = temporaryFolder('seal-guide-');
// The program finds its packages from inside the repository.
mkdirSync(join(root, '.cache'), { recursive: true });
const program = mkdtempSync(join(root, '.cache', 'guide-'));

beforeAll(async () => {
  stack = await testStack(3);
});

afterAll(async () => {
  await stack?.close();
  for (const dir of [scratch, program]) rmSync(dir, { recursive: true, force: true });
});

it('leads from the policy to the decrypted text', async () => {
  const policy = join(scratch, 'my-policy');
  mkdirSync(join(policy, 'sources'), { recursive: true });
  writeFileSync(join(policy, 'sources', 'birthday.move'), blocks('move')[0] ?? '');
  writeFileSync(join(policy, 'Move.toml'), blocks('toml')[0] ?? '');
  const run = await sealDev('move', 'publish', '--path', policy, '--dir', stack.dir, '--json');
  expect(run.stderr).toBe('');
  const { packageId } = JSON.parse(run.stdout);

  const [encryptAndDecrypt = ''] = blocks('ts');
  const code = encryptAndDecrypt.replace(
    '.seal-dev/manifest.json',
    join(stack.dir, 'manifest.json'),
  );
  const end = 'console.log(new TextDecoder().decode(data));';
  const file = join(program, 'guide.ts');
  writeFileSync(file, `const packageId: string = '${packageId}';\n${code}\n${end}\n`);
  const node = spawnSync(process.execPath, ['--conditions=seal-ts-source', file], {
    encoding: 'utf8',
    cwd: root,
  });
  expect(node.stderr).toBe('');
  expect(node.stdout).toBe('happy birthday\n');
});
