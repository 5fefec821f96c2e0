/** Runs until killed: pays from the faucet as fast as it can, prints each digest when it has it. */
import { writeSync } from 'node:fs';
import { loadFramework } from '../../../src/framework.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { SqliteStore } from '../../../src/ledger/store/sqlite.ts';

const store = new SqliteStore(process.argv[2]!);
const ledger = await Ledger.create(
  { checkpointIntervalMs: 5 },
  { framework: await loadFramework(), store },
);
for (let i = 0n; ; i++) {
  const { digest } = await ledger.fund(`0x${'1'.repeat(64)}`, [1n + i]);
  writeSync(1, `${digest}\n`);
}
