/**
 * Compiles Move sources for tests and runs their functions.
 *
 * Sources are one compiler package whose modules may stand at any numeric address, so a test can bring
 * its own tiny `std` and call across packages. Every address becomes a package linked with all others.
 */
import { dumpMovePackage, initMovePackageBuilder } from '@zktx.io/sui-move-builder';
import {
  type Argument,
  gasMeter,
  type LinkedPackage,
  type MovePackage,
  MoveRuntime,
  type MoveSession,
  type MoveType,
  type NativeTable,
  normalizeAddress,
  parseModule,
  selfId,
  type Value,
} from '../../src/index.ts';

/** Where a test's own modules stand. */
export const TEST_ADDRESS = normalizeAddress('0x42');

const MANIFEST = `
[package]
name = "tests"
edition = "2024"
implicit-dependencies = false
[addresses]
subject = "0x42"
std = "0x1"
sui = "0x2"
`;

/** `std::vector` reduced to the instructions. */
export const VECTOR_SOURCE = `
#[defines_primitive(vector)]
module std::vector {
  #[bytecode_instruction] public native fun empty<T>(): vector<T>;
  #[bytecode_instruction] public native fun length<T>(v: &vector<T>): u64;
  #[syntax(index)] #[bytecode_instruction]
  public native fun borrow<T>(v: &vector<T>, i: u64): &T;
  #[syntax(index)] #[bytecode_instruction]
  public native fun borrow_mut<T>(v: &mut vector<T>, i: u64): &mut T;
  #[bytecode_instruction] public native fun push_back<T>(v: &mut vector<T>, e: T);
  #[bytecode_instruction] public native fun pop_back<T>(v: &mut vector<T>): T;
  #[bytecode_instruction] public native fun destroy_empty<T>(v: vector<T>);
  #[bytecode_instruction] public native fun swap<T>(v: &mut vector<T>, i: u64, j: u64);
}`;

/** Compiles sources; the compiler's text is in the error when they do not compile. */
export async function compileMove(...sources: string[]): Promise<Uint8Array[]> {
  await initMovePackageBuilder();
  const files: Record<string, string> = { 'Move.toml': MANIFEST };
  for (const [i, source] of sources.entries()) files[`sources/s${i}.move`] = source;
  files['sources/vector.move'] = VECTOR_SOURCE;
  const result = await dumpMovePackage({
    files,
    silenceWarnings: true,
    ansiColor: false,
    withUnpublishedDependencies: true,
  });
  if ('error' in result) throw new Error(result.error);
  return result.modules.map((text) => Uint8Array.from(Buffer.from(text, 'base64')));
}

/** Packages by address, each linked with all the others. */
export function packagesOf(modules: readonly Uint8Array[]): Map<string, MovePackage> {
  const byAddress = new Map<string, Map<string, Uint8Array>>();
  for (const bytes of modules) {
    const { address, name } = selfId(parseModule(bytes));
    const group = byAddress.get(address) ?? new Map<string, Uint8Array>();
    byAddress.set(address, group.set(name, bytes));
  }
  const packages = new Map<string, MovePackage>();
  for (const [address, group] of byAddress) {
    const linkage = new Map<string, LinkedPackage>();
    for (const other of byAddress.keys()) {
      if (other !== address) linkage.set(other, { storageId: other, version: 1n });
    }
    packages.set(address, {
      storageId: address,
      originalId: address,
      version: 1n,
      modules: group,
      typeOrigins: [],
      linkage,
    });
  }
  return packages;
}

export interface RunOptions {
  natives?: NativeTable;
  budget?: number;
  print?: (text: string) => void;
}

/** A runtime over compiled modules. */
export class Bench {
  readonly runtime: MoveRuntime;
  readonly packages: Map<string, MovePackage>;
  readonly #options: RunOptions;

  constructor(modules: readonly Uint8Array[], options: RunOptions = {}) {
    this.packages = packagesOf(modules);
    this.#options = options;
    const packages = this.packages;
    this.runtime = new MoveRuntime(
      {
        natives: options.natives ?? new Map(),
        ...(options.print === undefined ? {} : { print: options.print }),
      },
      { packages: { package: (id) => packages.get(id) } },
    );
  }

  session(): MoveSession {
    return this.runtime.session({ gas: gasMeter(this.#options.budget ?? 10_000_000) });
  }

  /** Runs `0x42::m::name` with plain values and gives back plain values. */
  run(name: string, args: readonly Value[] = [], typeArguments: readonly MoveType[] = []): Value[] {
    const session = this.session();
    const fn = session.loadFunction(TEST_ADDRESS, 'm', name, typeArguments);
    const given: Argument[] = args.map((value, i) => session.slot(fn.parameters[i]!, value).take());
    return session.call(fn, given).map((slot) => slot.peek());
  }
}

export async function bench(source: string, options: RunOptions = {}): Promise<Bench> {
  return new Bench(await compileMove(source), options);
}
