/** Rules across the clients of a permissioned server, in the texts of protocol §4.11. */

import type { Place } from '@seal-ts/service';
import type { PermissionedClient } from './file-schema.ts';

export const NO_CLIENTS_TEXT = 'No clients found in the configuration';
export const INDEX_GAP_TEXT = 'Derivation indexes must be incremental, starting from 0';

/** `complete` is false when some clients could not be read; gaps are not judged then. */
export function checkClients(
  clients: ReadonlyMap<number, PermissionedClient>,
  place: Place,
  complete: boolean,
): void {
  const names = new Set<string>();
  const variables = new Set<string>();
  const ids = new Set<string>();
  const indices = new Set<number>();
  for (const [i, client] of clients) {
    const at = place.child(i);
    const once = <T>(seen: Set<T>, value: T, key: string, what: string) => {
      if (seen.has(value)) {
        at.child(key).fault(undefined, `Duplicate ${what}: ${value}`, 'Use another one');
      }
      seen.add(value);
    };
    once(names, client.name, 'name', 'client name');
    const source = client.client_master_key;
    if (source.tag === 'Imported') {
      once(variables, source.env_var, 'client_master_key.env_var', 'environment variable');
    } else {
      once(indices, derivationIndex(source), 'client_master_key', 'derivation index');
    }
    once(ids, client.key_server_object_id, 'key_server_object_id', 'key server object ID');
    if (client.package_ids.length === 0) {
      const problem = `Client configuration must have at least one package ID: ${client.name}`;
      at.child('package_ids').fault(undefined, problem, 'Add the first version of a package');
    }
    for (const id of client.package_ids) once(ids, id, 'package_ids', 'package ID');
  }
  for (let i = 0; complete && i < indices.size; i++) {
    if (indices.has(i)) continue;
    place.fault(undefined, INDEX_GAP_TEXT, `No client uses index ${i}: keep exported ones listed`);
    return;
  }
}

/** The index of a derived or exported key. */
export function derivationIndex(
  source: Exclude<PermissionedClient['client_master_key'], { tag: 'Imported' }>,
): number {
  return source.tag === 'Derived' ? source.derivation_index : source.deprecated_derivation_index;
}
