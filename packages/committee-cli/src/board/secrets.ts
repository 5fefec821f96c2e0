/**
 * Recognises files of a ceremony that must never leave their owner. This is for accidents; a board also
 * keeps nothing but messages and sets, of which it knows every field.
 */

/** Each takes time in proportion to the text: strangers choose it. */
const MARKS: readonly (readonly [mark: RegExp, what: string])[] = [
  [/\b(enc_sk|signing_sk)\b/, 'dkg.key'],
  [/\bmy_old_share\b/, 'state.json'],
  [/\bMASTER_(SHARE_V\d+|SHARE|KEY|SEED)\b/, 'a master share or key'],
  [/^[ \t]{0,64}(genkey-and-register|process-all-and-propose)[ \t]{0,64}:/m, "a member's dkg.yaml"],
  [/suiprivkey1/i, 'a private key of a wallet'],
  [/^\s*(0x)?[0-9a-fA-F]{64}\s*$/, 'a master share'],
  // A wallet's keystore: a list of Base64 texts of 33 bytes.
  [/\[\s*"[A-Za-z0-9+/]{44}"/, "a wallet's keystore"],
];

/** What kind of secret a text seems to hold; undefined for none. Never quotes it. */
export function secretIn(text: string): string | undefined {
  return MARKS.find(([mark]) => mark.test(text))?.[1];
}
