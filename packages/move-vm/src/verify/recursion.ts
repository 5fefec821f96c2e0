/**
 * No datatype contains itself, and no chain of generic calls makes ever larger types.
 *
 * Both would make layouts or instantiations infinite. Source: move-vm.md §7, §9.18.
 */

import type { CompiledModule, FieldDefinition, SignatureToken } from '../binary/module.ts';
import { OP } from '../binary/opcodes.ts';
import { rejected } from '../common/errors.ts';
import { components, nodeOnCycle } from './graph.ts';

/** Refuses recursive structs and enums; type arguments count as contents. */
export function checkRecursiveDatatypes(module: CompiledModule): void {
  const nodes = new Map<number, number>();
  const definitions = [...module.structs, ...module.enums];
  definitions.forEach(({ handle }, node) => {
    nodes.set(handle, node);
  });
  const contents = (fields: readonly FieldDefinition[]): number[] => {
    const targets = new Set<number>();
    const visit = (token: SignatureToken): void => {
      if (token.kind === 'vector') visit(token.element);
      else if (token.kind === 'reference') visit(token.to);
      else if (token.kind === 'datatype') {
        const node = nodes.get(token.handle);
        if (node !== undefined) targets.add(node);
        token.typeArgs.forEach(visit);
      }
    };
    for (const field of fields) visit(field.type);
    return [...targets];
  };
  const successors = definitions.map((definition) =>
    contents(
      'fields' in definition ? definition.fields : definition.variants.flatMap((v) => v.fields),
    ),
  );
  const node = nodeOnCycle(successors);
  if (node < 0) return;
  const handle = module.datatypeHandles[definitions[node]!.handle]!;
  throw rejected(
    node < module.structs.length ? 'RECURSIVE_STRUCT_DEFINITION' : 'RECURSIVE_ENUM_DEFINITION',
    `'${module.identifiers[handle.name]!}' contains itself`,
  );
}

interface Flow {
  from: number;
  to: number;
  /** The parameter is wrapped in another type on its way. */
  wrapped: boolean;
}

function typeParametersIn(token: SignatureToken, found: Set<number>): void {
  if (token.kind === 'typeParameter') found.add(token.index);
  else if (token.kind === 'vector') typeParametersIn(token.element, found);
  else if (token.kind === 'reference') typeParametersIn(token.to, found);
  else if (token.kind === 'datatype') {
    for (const argument of token.typeArgs) typeParametersIn(argument, found);
  }
}

/** How type parameters flow from caller to callee, over all generic calls inside the module. */
function typeFlows(module: CompiledModule): { nodes: number; flows: Flow[] } {
  const first: number[] = [];
  const byHandle = new Map<number, number>();
  let nodes = 0;
  module.functions.forEach(({ handle }, index) => {
    byHandle.set(handle, index);
    first.push(nodes);
    nodes += module.functionHandles[handle]!.typeParameters.length;
  });
  const flows: Flow[] = [];
  const addCall = (caller: number, instantiation: number): void => {
    const { handle, typeArgs } = module.functionInstantiations[instantiation]!;
    const callee = byHandle.get(handle);
    if (callee === undefined) return;
    module.signatures[typeArgs]!.forEach((token, position) => {
      const used = new Set<number>();
      typeParametersIn(token, used);
      const wrapped = token.kind !== 'typeParameter';
      for (const parameter of used) {
        flows.push({ from: first[caller]! + parameter, to: first[callee]! + position, wrapped });
      }
    });
  };
  module.functions.forEach(({ code }, caller) => {
    if (code === undefined) return;
    const calls = new Set<number>();
    for (let pc = 0; pc < code.ops.length; pc++) {
      if (code.ops[pc] === OP.CallGeneric) calls.add(code.args[pc]!);
    }
    for (const call of calls) addCall(caller, call);
  });
  return { nodes, flows };
}

/** Refuses a cycle of generic calls that wraps a type parameter on the way round. */
export function checkInstantiationLoops(module: CompiledModule): void {
  const { nodes, flows } = typeFlows(module);
  const successors: number[][] = Array.from({ length: nodes }, () => []);
  for (const { from, to } of flows) successors[from]!.push(to);
  const component = components(successors);
  if (flows.some(({ from, to, wrapped }) => wrapped && component[from] === component[to])) {
    throw rejected('LOOP_IN_INSTANTIATION_GRAPH', 'generic calls build ever larger types');
  }
}
