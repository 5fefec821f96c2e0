/** `MoveRuntime`: the machine of one chain; caches parsed, linked and checked code. */
import type { MovePackage } from '../common/index.ts';
import type { Runtime, RuntimeDependencies, RuntimeOptions, SessionOptions } from './api.ts';
import { Loader } from './loader.ts';
import { checkLinkedPackage, MoveSession } from './session.ts';

const ignore = (): void => {};

export class MoveRuntime implements Runtime {
  readonly #loader: Loader;
  readonly #print: (text: string) => void;

  constructor(options: RuntimeOptions, dependencies: RuntimeDependencies) {
    this.#loader = new Loader(options.natives, dependencies.packages);
    this.#print = options.print ?? ignore;
  }

  session(options: SessionOptions): MoveSession {
    this.#loader.trim();
    return new MoveSession(this.#loader, options, this.#print);
  }

  checkPackage(pkg: MovePackage): void {
    const loader = this.#loader.overlay();
    loader.add(pkg);
    checkLinkedPackage(loader, pkg);
  }

  clear(): void {
    this.#loader.clear();
  }
}
