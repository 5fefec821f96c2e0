/** `Slot`: a typed place for one value outside the machine. */
import { STATUS, VmError } from '../common/index.ts';
import type { Argument, GasMeter, Slot } from './api.ts';
import { serializeValue } from './serialization.ts';
import { COPY, type MoveType, referenceTo } from './types.ts';
import { type Cell, copyValue, SlotReference, type Value } from './value.ts';

/** An argument that only a slot can make: a type claimed by anybody else would not be checked. */
export class SlotArgument implements Argument {
  readonly type: MoveType;
  readonly value: Value;

  constructor(type: MoveType, value: Value) {
    this.type = type;
    this.value = value;
  }
}

export class ValueSlot implements Slot {
  readonly type: MoveType;
  readonly #cell: Cell[];
  readonly #gas: GasMeter;

  constructor(type: MoveType, value: Value, gas: GasMeter) {
    this.type = type;
    this.#cell = [value];
    this.#gas = gas;
  }

  get isEmpty(): boolean {
    return this.#cell[0] === undefined;
  }

  take(): Argument {
    const value = this.peek();
    this.#cell[0] = undefined;
    return new SlotArgument(this.type, value);
  }

  copy(): Argument {
    if ((this.type.abilities & COPY) === 0) {
      throw new VmError(STATUS.INTERNAL_TYPE_ERROR, `${this.type} cannot be copied`);
    }
    return new SlotArgument(this.type, copyValue(this.peek(), this.#gas));
  }

  borrow(): Argument {
    this.peek();
    return new SlotArgument(referenceTo(this.type, false), new SlotReference(this.#cell, 0));
  }

  borrowMut(): Argument {
    this.peek();
    return new SlotArgument(referenceTo(this.type, true), new SlotReference(this.#cell, 0));
  }

  peek(): Value {
    const value = this.#cell[0];
    if (value === undefined) {
      throw new VmError(
        STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
        `the slot of type ${this.type} is empty`,
      );
    }
    return value;
  }

  serialize(): Uint8Array {
    return serializeValue(this.type, this.peek());
  }
}
