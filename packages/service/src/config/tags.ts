/** The YAML tags that Seal's configuration files use; any other tag is a fault (design §3.10). */
export const KNOWN_TAGS = [
  'Open',
  'Permissioned',
  'Committee',
  'Active',
  'Rotation',
  'Derived',
  'Imported',
  'Exported',
  'Testnet',
  'Mainnet',
  'Devnet',
  'Localnet',
] as const;

export type KnownTag = (typeof KNOWN_TAGS)[number];

export function isKnownTag(tag: string): tag is KnownTag {
  return (KNOWN_TAGS as readonly string[]).includes(tag);
}
