/**
 * Scratch memory inside the WebAssembly module. Values live on the JavaScript side as plain byte
 * arrays (garbage-collected, nothing to free) and visit the module only for the length of one
 * operation: `frame` gives that operation scratch space and zeroes it afterwards.
 */

import { CryptoError } from '../errors.ts';
import type { MclModule, Pointer } from './module.ts';

/** Room for the operands of every single operation; larger batches get a block of their own. */
export const SCRATCH_BYTES = 262_144;
/** Largest block for one batch operation (points and scalars of `MAX_MSM_TERMS`, with margin). */
export const MAX_BLOCK_BYTES = 8 * 1_048_576;
/**
 * How much of the module's own stack is zeroed after an operation on a secret: the window tables
 * and digits of a scalar multiplication lie there.
 */
const STACK_WIPE_BYTES = 32_768;
const ALIGNMENT = 16;

const align = (n: number) => (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);

export class Scratch {
  readonly module: MclModule;
  readonly #base: Pointer;
  #top: Pointer;
  #view: Uint8Array;

  constructor(module: MclModule) {
    this.module = module;
    this.#base = this.permanent(SCRATCH_BYTES);
    this.#top = align(this.#base);
    this.#view = new Uint8Array(module.wasmMemory.buffer);
  }

  /** The module's memory. Growing it detaches older views, hence the check. */
  get #bytes(): Uint8Array {
    if (this.#view.length === 0) this.#view = new Uint8Array(this.module.wasmMemory.buffer);
    return this.#view;
  }

  /** Runs one operation; everything it allocated is zeroed and released when it returns. */
  frame<T>(operation: () => T): T {
    const mark = this.#top;
    try {
      return operation();
    } finally {
      this.#bytes.fill(0, mark, this.#top);
      this.#top = mark;
    }
  }

  /** As `frame`, for an operation on a secret scalar: also clears what it left on the stack. */
  secretFrame<T>(operation: () => T): T {
    try {
      return this.frame(operation);
    } finally {
      const stack = this.module.stackSave();
      this.#bytes.fill(0, Math.max(0, stack - STACK_WIPE_BYTES), stack);
    }
  }

  /** Reserves `size` bytes of the current frame. */
  alloc(size: number): Pointer {
    const pointer = this.#top;
    const end = pointer + align(size);
    if (end > this.#base + SCRATCH_BYTES) {
      throw new CryptoError('INVALID_INPUT', `mcl engine: ${size} bytes exceed the scratch space`);
    }
    this.#top = end;
    return pointer;
  }

  /** Copies `bytes` into the current frame. */
  put(bytes: Uint8Array): Pointer {
    const pointer = this.alloc(bytes.length);
    this.#bytes.set(bytes, pointer);
    return pointer;
  }

  /** Writes `bytes` at an address that the caller allocated. */
  write(pointer: Pointer, bytes: Uint8Array): void {
    this.#bytes.set(bytes, pointer);
  }

  /** Copies `length` bytes out. */
  take(pointer: Pointer, length: number): Uint8Array {
    return this.#bytes.slice(pointer, pointer + length);
  }

  /** Reserves memory for the life of the engine; for public tables. */
  permanent(size: number): Pointer {
    const pointer = this.module._malloc(size);
    if (pointer === 0) {
      throw new CryptoError('ENGINE_UNAVAILABLE', 'mcl engine: out of WebAssembly memory');
    }
    return pointer;
  }

  /** Runs `operation` with a heap block of `size` bytes, zeroed and freed afterwards. */
  block<T>(size: number, operation: (pointer: Pointer) => T): T {
    if (size > MAX_BLOCK_BYTES) {
      throw new CryptoError('INVALID_INPUT', `mcl engine: a batch of ${size} bytes is too large`);
    }
    const pointer = this.permanent(size);
    try {
      return operation(pointer);
    } finally {
      this.#bytes.fill(0, pointer, pointer + size);
      this.module._free(pointer);
    }
  }
}
