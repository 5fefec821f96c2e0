/**
 * API keys for members, by the name a member has on chain (protocol §5.3). Names and URLs on chain
 * are chosen by members themselves, so a name alone is no reason to hand out a key: it goes to the
 * configured URL (`url`), or without one to the URL that the name had when it was first seen.
 */

import type { SecretText } from '@seal-ts/service';
import { canonicalUrl } from './member-url.ts';

export interface Credential {
  /** Header and its value; without them the member is known and needs no key. */
  readonly header?: { readonly name: string; readonly value: SecretText };
  /** The only URL the credential is for. */
  readonly url?: string;
}

export type CredentialRefusal = 'credential_missing' | 'credential_withheld';
export type CredentialLookup =
  | { readonly ok: true; readonly credential: Credential }
  | { readonly ok: false; readonly reason: CredentialRefusal };

interface NamedUrl {
  readonly name: string;
  readonly url: string;
}

export class Credentials {
  readonly #entries: ReadonlyMap<string, Credential>;
  /** URL by name, for names without a configured one. */
  readonly #firstSeen = new Map<string, string>();

  constructor(entries: ReadonlyMap<string, Credential>) {
    this.#entries = entries;
  }

  /**
   * Remembers the URLs of names seen for the first time, and returns the members that get no
   * credential. A name that stands for two URLs at once is not learnt.
   */
  learn(members: readonly NamedUrl[]): (NamedUrl & { reason: CredentialRefusal })[] {
    for (const [name, { url }] of this.#entries) {
      if (url !== undefined || this.#firstSeen.has(name)) continue;
      const urls = new Set(members.filter((m) => m.name === name).map((m) => canonicalUrl(m.url)));
      const [only] = urls;
      if (only !== undefined && urls.size === 1) this.#firstSeen.set(name, only);
    }
    return members.flatMap(({ name, url }) => {
      const lookup = this.find({ name, url });
      return lookup.ok ? [] : [{ name, url, reason: lookup.reason }];
    });
  }

  find({ name, url }: NamedUrl): CredentialLookup {
    const credential = this.#entries.get(name);
    if (credential === undefined) return { ok: false, reason: 'credential_missing' };
    const expected =
      credential.url === undefined ? this.#firstSeen.get(name) : canonicalUrl(credential.url);
    if (expected === undefined || expected !== canonicalUrl(url)) {
      return { ok: false, reason: 'credential_withheld' };
    }
    return { ok: true, credential };
  }
}
