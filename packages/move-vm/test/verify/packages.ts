/** A chain of packages in memory, with the tiny framework as 0x1 and 0x2. */
import {
  MOVE_STDLIB_ADDRESS,
  type MovePackage,
  type PackageSource,
  SUI_FRAMEWORK_ADDRESS,
} from '../../src/common/index.ts';
import { buildGenesisPackage, buildPublish, buildUpgrade } from '../../src/verify/index.ts';
import { type CompiledPackage, compileFramework } from '../binary/compile.ts';

export const id = (digits: string): string => `0x${digits.padStart(64, '0')}`;

export class PackageStore implements PackageSource {
  readonly #packages = new Map<string, MovePackage>();

  package(storageId: string): MovePackage | undefined {
    return this.#packages.get(storageId);
  }

  add(item: MovePackage): MovePackage {
    this.#packages.set(item.storageId, item);
    return item;
  }

  publish(compiled: CompiledPackage, storageId: string): MovePackage {
    return this.add(buildPublish({ ...compiled, storageId }, this).package);
  }

  upgrade(
    current: MovePackage,
    compiled: CompiledPackage,
    storageId: string,
    policy = 0,
  ): MovePackage {
    return this.add(buildUpgrade({ ...compiled, storageId, current, policy }, this).package);
  }
}

/** A store that holds the framework. */
export async function frameworkStore(): Promise<PackageStore> {
  const store = new PackageStore();
  const std = await compileFramework('std');
  const sui = await compileFramework('sui');
  const genesis = (modules: Uint8Array[], dependencies: string[], storageId: string) =>
    store.add(buildGenesisPackage({ modules, dependencies, storageId }, store).package);
  genesis(std.modules, [], MOVE_STDLIB_ADDRESS);
  genesis(sui.modules, [MOVE_STDLIB_ADDRESS], SUI_FRAMEWORK_ADDRESS);
  return store;
}
