/**
 * Object ids are fresh: a `key` struct is packed only with a UID that came unchanged from a function
 * that makes one, in the same function. Otherwise an id could be used for a second object.
 * Source: move-vm.md §7 (id_leak).
 */

import { ABILITY, type CompiledModule } from '../../binary/module.ts';
import { OP } from '../../binary/opcodes.ts';
import { definedFunctionName, selfId } from '../../binary/view.ts';
import { suiRejected } from '../../common/errors.ts';
import { controlFlow } from '../cfg.ts';
import { runAnalysis } from '../dataflow.ts';
import { FunctionView } from '../function-view.ts';
import { stackEffect } from '../stack-effect.ts';
import { TypeInterner } from '../types.ts';
import { qualifiedFunction, suiFunction } from './names.ts';

const FRESH_ID_FUNCTIONS: ReadonlySet<string> = new Set([
  suiFunction('object', 'new'),
  suiFunction('object', 'new_uid_from_hash'),
  suiFunction('derived_object', 'claim'),
  suiFunction('test_scenario', 'new_object'),
]);

/** System objects are created once, at genesis, with an id of their own. */
const SYSTEM_CONSTRUCTORS: ReadonlySet<string> = new Set(
  [
    'accumulator',
    'address_alias',
    'authenticator_state',
    'bridge',
    'clock',
    'coin_registry',
    'deny_list',
    'display_registry',
    'random',
  ]
    .map((module) => suiFunction(module, 'create'))
    .concat([`0x${'3'.padStart(64, '0')}::sui_system::create`]),
);

interface State {
  /** 1 where the local holds a fresh UID on every path. */
  locals: Uint8Array;
  stack: boolean[];
}

function packedStruct(module: CompiledModule, op: number, arg: number): number {
  if (op === OP.Pack) return arg;
  return op === OP.PackGeneric ? module.structInstantiations[arg]!.definition : -1;
}

function packsObject(module: CompiledModule, op: number, arg: number): boolean {
  const definition = packedStruct(module, op, arg);
  if (definition < 0) return false;
  const handle = module.datatypeHandles[module.structs[definition]!.handle]!;
  return (handle.abilities & ABILITY.key) !== 0;
}

function checkFunction(view: FunctionView, name: string): void {
  const { module, code } = view;
  const initial: State = { locals: new Uint8Array(view.locals.length), stack: [] };
  runAnalysis<State>(view.graph, initial, {
    clone: (state) => ({ locals: state.locals.slice(), stack: [] }),
    join(into, from) {
      let grew = false;
      into.locals.forEach((fresh, i) => {
        if (fresh === 1 && from.locals[i] === 0) {
          into.locals[i] = 0;
          grew = true;
        }
      });
      return grew;
    },
    step(state, pc) {
      const op = code.ops[pc]!;
      const arg = code.args[pc]!;
      const { pops, pushes } = stackEffect(view, pc);
      const operands = state.stack.splice(state.stack.length - pops, pops);
      if (packsObject(module, op, arg) && operands[0] !== true) {
        throw suiRejected(
          `Invalid object creation in ${name}. Object created without a newly created UID. ` +
            'The UID must come directly from sui::object::new',
          selfId(module),
        );
      }
      if (op === OP.StLoc) state.locals[arg] = operands[0] === true ? 1 : 0;
      let fresh = false;
      if (op === OP.MoveLoc || op === OP.CopyLoc) fresh = state.locals[arg] === 1;
      if (op === OP.Call) fresh = FRESH_ID_FUNCTIONS.has(qualifiedFunction(module, arg));
      if (op === OP.CallGeneric) {
        const { handle } = module.functionInstantiations[arg]!;
        fresh = FRESH_ID_FUNCTIONS.has(qualifiedFunction(module, handle));
      }
      for (let i = 0; i < pushes; i++) state.stack.push(fresh);
    },
  });
}

export function checkIdLeak(module: CompiledModule): void {
  const types = new TypeInterner(module);
  module.functions.forEach(({ handle, code }, index) => {
    if (code === undefined) return;
    if (!code.ops.some((op, pc) => packsObject(module, op, code.args[pc]!))) return;
    if (SYSTEM_CONSTRUCTORS.has(qualifiedFunction(module, handle))) return;
    const { graph } = controlFlow(code);
    const view = new FunctionView(types, { module, index, code, graph });
    checkFunction(view, definedFunctionName(module, index));
  });
}
