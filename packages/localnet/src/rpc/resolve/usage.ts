/**
 * How the commands of a transaction use its inputs: what decides the mutability of a shared input
 * and whether an object is received (spec sui-ledger §8.1).
 */
import type {
  Argument,
  Command,
  LedgerReader,
  MoveCallCommand,
  SignatureParameter,
} from '../../ledger/api.ts';

const FRAMEWORK = `0x${'2'.padStart(64, '0')}`;
const TX_CONTEXT = `${FRAMEWORK}::tx_context::TxContext`;
const RECEIVING = `${FRAMEWORK}::transfer::Receiving`;

/** What is known of one input from its uses. */
export interface InputUse {
  /** Some use takes it by value or by mutable reference. */
  mutable: boolean;
  /** Some call takes it as `0x2::transfer::Receiving`. */
  receiving: boolean;
}

/** Uses of each input by index; inputs that no command names are absent. */
export function inputUses(
  commands: readonly Command[],
  reader: Pick<LedgerReader, 'function'>,
): ReadonlyMap<number, InputUse> {
  const uses = new Map<number, InputUse>();
  const note = (argument: Argument, mutable: boolean, receiving: boolean) => {
    if (argument.kind !== 'input') return;
    const use = uses.get(argument.index) ?? { mutable: false, receiving: false };
    uses.set(argument.index, {
      mutable: use.mutable || mutable,
      receiving: use.receiving || receiving,
    });
  };
  for (const command of commands) {
    switch (command.kind) {
      case 'moveCall':
        noteCall(command, reader, note);
        break;
      case 'splitCoins':
        note(command.coin, true, false);
        break;
      case 'mergeCoins':
        for (const argument of [command.target, ...command.sources]) note(argument, true, false);
        break;
      case 'makeMoveVec':
        for (const argument of command.elements) note(argument, true, false);
        break;
    }
  }
  return uses;
}

function noteCall(
  call: MoveCallCommand,
  reader: Pick<LedgerReader, 'function'>,
  note: (argument: Argument, mutable: boolean, receiving: boolean) => void,
): void {
  if (!call.arguments.some((argument) => argument.kind === 'input')) return;
  // An unknown function is no error here: execution reports it as FunctionNotFound.
  const parameters = reader
    .function(call.package, call.module, call.function)
    ?.parameters.filter((parameter) => !isTxContext(parameter));
  call.arguments.forEach((argument, index) => {
    const parameter = parameters?.[index];
    if (parameter === undefined) return;
    const receiving = parameter.body.kind === 'datatype' && parameter.body.typeName === RECEIVING;
    note(argument, parameter.reference !== 'immutable', receiving);
  });
}

function isTxContext({ body }: SignatureParameter): boolean {
  return body.kind === 'datatype' && body.typeName === TX_CONTEXT;
}
