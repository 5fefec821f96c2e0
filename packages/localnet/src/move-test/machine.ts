/**
 * Runs single Move unit tests on our own machine and says how they ended, in the oracle's terms.
 */
import type { Engine } from '@seal-ts/crypto';
import type { MoveTest, TestOutcome } from '@seal-ts/move-build';
import { explainAbort, isVmError, MoveRuntime, STATUS, type VmError } from '@seal-ts/move-vm';
import { frameworkNatives, testSession } from '../natives/index.ts';
import { watchStandIns } from './oracle-stand-ins.ts';
import type { TestPackages } from './packages.ts';

export interface TestRun {
  readonly outcome: TestOutcome;
  /** The test called a native for which the oracle has a stand-in only. */
  readonly usedStandIn: boolean;
}

export interface TestMachine {
  run(test: MoveTest): TestRun;
}

export function testMachine(packages: TestPackages, engine: Engine): TestMachine {
  let usedStandIn = false;
  const natives = watchStandIns(frameworkNatives({ engine }), () => {
    usedStandIn = true;
  });
  const runtime = new MoveRuntime({ natives }, { packages: packages.source });
  const outcome = (test: MoveTest): TestOutcome => {
    const { session } = testSession(runtime);
    try {
      session.call(session.loadFunction(packages.rootId, test.module, test.function), []);
      return { kind: 'completed' };
    } catch (error) {
      if (!isVmError(error)) throw error;
      return outcomeOf(error, packages);
    }
  };
  return {
    run(test) {
      usedStandIn = false;
      return { outcome: outcome(test), usedStandIn };
    },
  };
}

function outcomeOf(error: VmError, packages: TestPackages): TestOutcome {
  const { location } = error;
  if (!location) return { kind: 'unreadable', text: error.message };
  const { address, name } = location.module;
  const module = moduleText(address, name);
  switch (error.status) {
    case STATUS.ABORTED:
      return abortOutcome(error.subStatus ?? 0n, module, packages, `${address}::${name}`);
    case STATUS.ARITHMETIC_ERROR:
      return { kind: 'arithmetic', module };
    case STATUS.VECTOR_OPERATION_ERROR:
      return { kind: 'vector', subStatus: Number(error.subStatus ?? 0n), module };
    default:
      return { kind: 'status', status: error.status, module };
  }
}

function abortOutcome(
  code: bigint,
  module: string,
  packages: TestPackages,
  id: string,
): TestOutcome {
  const parsed = packages.modules.get(id);
  const clever = parsed ? explainAbort(parsed, code) : undefined;
  if (!clever) return { kind: 'aborted', code, module };
  return clever.constantName === undefined
    ? { kind: 'aborted-bare', module }
    : { kind: 'aborted-constant', constant: clever.constantName, module };
}

/** `0x2::dynamic_field`: the address without leading zeros. */
export function moduleText(address: string, name: string): string {
  return `0x${address.slice(2).replace(/^0+(?=.)/, '')}::${name}`;
}
