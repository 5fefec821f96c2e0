/** `MoveRuntime`: the machine of one chain; caches parsed, linked and checked code. */
import type { MovePackage, PackageSource } from '../common/index.ts';
import type {
  NativeTable,
  Runtime,
  RuntimeDependencies,
  RuntimeOptions,
  SessionOptions,
} from './api.ts';
import { Loader } from './loader.ts';
import { checkLinkedPackage, MoveSession } from './session.ts';

const ignore = (): void => {};

export class MoveRuntime implements Runtime {
  readonly #natives: NativeTable;
  readonly #packages: PackageSource;
  readonly #print: (text: string) => void;
  /** Sessions keep the one they began with, so a type is the same object all through a session. */
  #loader: Loader;

  constructor(options: RuntimeOptions, dependencies: RuntimeDependencies) {
    this.#natives = options.natives;
    this.#packages = dependencies.packages;
    this.#print = options.print ?? ignore;
    this.#loader = new Loader(this.#natives, this.#packages);
  }

  session(options: SessionOptions): MoveSession {
    if (this.#loader.isFull) this.clear();
    return new MoveSession(this.#loader, options, this.#print);
  }

  checkPackage(pkg: MovePackage): void {
    const loader = this.#loader.overlay();
    loader.add(pkg);
    checkLinkedPackage(loader, pkg);
  }

  clear(): void {
    this.#loader = new Loader(this.#natives, this.#packages);
  }
}
