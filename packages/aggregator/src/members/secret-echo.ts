/**
 * Whether a text of a member repeats the API key it was sent. What members say ends up in logs and
 * answers, and a member must not be able to publish a key there by accident: as it is, in part, in
 * other case or order, spread out, or in hex, Base64 or percent encoding.
 */

/** As many characters of a key in a row make a text one that repeats it. */
export const TELLING_CHARACTERS = 8;
/** Shorter runs cannot hold that many characters of a key in hex or Base64. */
const HEX_RUN = /[0-9a-f]{16,}/g;
const BASE64_RUN = /[A-Za-z0-9+/]{8,}/g;

export function repeatsSecret(text: string, secret: string): boolean {
  const parts = new Set([...windows(secret.toLowerCase()), ...windows(plain(secret))]);
  const reversed = [...parts].map((part) => [...part].reverse().join(''));
  const all = [...parts, ...reversed];
  return readings(text).some((reading) => all.some((part) => reading.includes(part)));
}

/** Every run of that many characters; the whole of a shorter text. */
function windows(text: string): string[] {
  const count = Math.max(1, text.length - TELLING_CHARACTERS + 1);
  const runs = Array.from({ length: count }, (_, i) => text.slice(i, i + TELLING_CHARACTERS));
  return runs.filter((run) => run !== '');
}

/** Letters and digits only, in lower case. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** What `text` may stand for. */
function readings(text: string): string[] {
  const percent = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => latin1(hex, 'hex'));
  const hex = [text.toLowerCase(), plain(text)].flatMap((t) => t.match(HEX_RUN) ?? []);
  const base64 = text.replace(/-/g, '+').replace(/_/g, '/').match(BASE64_RUN) ?? [];
  const decoded = [
    // A run may begin in the middle of a digit pair, or of a group of four.
    ...hex.flatMap((run) => [0, 1].map((start) => latin1(run.slice(start), 'hex'))),
    ...base64.flatMap((run) => [0, 1, 2, 3].map((start) => latin1(run.slice(start), 'base64'))),
  ];
  return [text, percent, ...decoded].flatMap((reading) => [reading.toLowerCase(), plain(reading)]);
}

function latin1(text: string, encoding: 'hex' | 'base64'): string {
  return Buffer.from(text, encoding).toString('latin1');
}
