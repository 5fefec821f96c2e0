/** A machine with the framework and one package of the test's own at 0xabc. */
import { nobleEngine } from '@seal-ts/crypto/noble';
import { compilePackage, memoryReader } from '@seal-ts/move-build';
import { readPackageFolder } from '@seal-ts/move-build/node';
import {
  buildLinkage,
  buildTypeOrigins,
  gasMeter,
  type MovePackage,
  MoveRuntime,
  type MoveSession,
  normalizeAddress,
  parseModule,
  type Slot,
  selfId,
  substituteSelfAddress,
  type Value,
} from '@seal-ts/move-vm';
import { type FrameworkKind, loadFramework } from '../../src/framework.ts';
import {
  type ChildReader,
  frameworkNatives,
  OBJECT_RUNTIME,
  ObjectRuntime,
  type ObjectRuntimeOptions,
} from '../../src/natives/index.ts';

export const SELF = normalizeAddress('0xabc');
export const SENDER = normalizeAddress('0x5e17de5');

const FRAMEWORK = new URL('../../framework/', import.meta.url).pathname;

const MANIFEST = `[package]
name = "subject"
edition = "2024"
[addresses]
subject = "0x0"
`;

function movePackage(
  id: string,
  modules: readonly Uint8Array[],
  before: readonly MovePackage[],
): MovePackage {
  const parsed = modules.map((bytes) => parseModule(bytes));
  return {
    storageId: id,
    originalId: id,
    version: 1n,
    modules: new Map(modules.map((bytes, i) => [selfId(parsed[i]!).name, bytes])),
    typeOrigins: buildTypeOrigins(parsed, id, []),
    linkage: buildLinkage(parsed, id, before),
  };
}

export class World {
  readonly runtime: MoveRuntime;

  constructor(packages: readonly MovePackage[]) {
    const known = new Map(packages.map((pkg) => [pkg.storageId, pkg]));
    this.runtime = new MoveRuntime(
      { natives: frameworkNatives({ engine: nobleEngine }) },
      { packages: { package: (id) => known.get(id) } },
    );
  }

  transaction(
    reader: Partial<ChildReader> = {},
    options: Partial<ObjectRuntimeOptions> = {},
  ): Transaction {
    return new Transaction(this.runtime, reader, options);
  }
}

/** One transaction: its session and its object runtime. */
export class Transaction {
  readonly session: MoveSession;
  readonly objects: ObjectRuntime;

  constructor(
    runtime: MoveRuntime,
    reader: Partial<ChildReader>,
    options: Partial<ObjectRuntimeOptions>,
  ) {
    this.objects = new ObjectRuntime(
      {
        context: {
          sender: SENDER,
          digest: new Uint8Array(32).fill(7),
          epoch: 3n,
          epochTimestampMs: 1234n,
          referenceGasPrice: 1000n,
          gasPrice: 1001n,
          gasBudget: 5_000_000n,
        },
        ...options,
      },
      { reader: { readChild: () => undefined, readReceived: () => undefined, ...reader } },
    );
    this.session = runtime.session({
      gas: gasMeter(50_000_000),
      extensions: [{ key: OBJECT_RUNTIME, value: this.objects }],
    });
  }

  /** A transaction context value; natives answer for everything but its digest. */
  context(): Slot {
    const type = this.session.typeOf({
      kind: 'struct',
      address: normalizeAddress('0x2'),
      module: 'tx_context',
      name: 'TxContext',
      typeArgs: [],
    });
    const bytes = new Uint8Array(89);
    bytes[32] = 32;
    bytes.fill(7, 33, 65);
    return this.session.deserializeSlot(type, bytes);
  }

  /** Calls `0xabc::m::name`; a last parameter `TxContext` is supplied. Slots are borrowed as declared. */
  call(name: string, ...args: (Value | Slot)[]): Slot[] {
    const fn = this.session.loadFunction(SELF, 'm', name);
    const given = fn.parameters.map((type, i) => {
      const argument = i < args.length ? args[i]! : this.context();
      if (typeof argument !== 'object' || !('borrowMut' in argument)) {
        return this.session.slot(type, argument).take();
      }
      const text = `${type}`;
      if (text.startsWith('&mut')) return argument.borrowMut();
      return text.startsWith('&') ? argument.borrow() : argument.take();
    });
    return this.session.call(fn, given);
  }

  value(name: string, ...args: (Value | Slot)[]): Value {
    return this.call(name, ...args)[0]!.peek();
  }
}

/** Compiles `source` (modules of `subject`) against our framework. */
export async function world(source: string, kind: FrameworkKind = 'plain'): Promise<World> {
  const framework = {
    std: await readPackageFolder(`${FRAMEWORK}std`),
    sui: await readPackageFolder(`${FRAMEWORK}sui`),
  };
  const built = await compilePackage({
    packagePath: 'subject',
    reader: memoryReader({ subject: { 'Move.toml': MANIFEST, 'sources/m.move': source } }),
    framework,
    silenceWarnings: true,
  });
  const packages: MovePackage[] = [];
  for (const { id, modules } of await loadFramework({ kind })) {
    packages.push(movePackage(id, modules, packages));
  }
  const own = built.modules.map(({ bytes }) => substituteSelfAddress(bytes, SELF));
  packages.push(movePackage(SELF, own, packages));
  return new World(packages);
}
