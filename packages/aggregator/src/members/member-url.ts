/** URLs of members as the chain gives them: text that somebody else chose. */

import { PATHS } from '@seal-ts/protocol';

/** Longest URL that is looked at. */
export const MAX_URL_CHARACTERS = 2048;

/**
 * Where a member answers key requests, or `undefined` for a URL that is not plain HTTP(S): user
 * names, queries and fragments have no meaning here and hide where a request goes.
 */
export function fetchKeyUrl(text: string): URL | undefined {
  const url = parse(text);
  if (url === undefined) return undefined;
  return new URL(`${withoutSlash(url.href)}${PATHS.fetchKey}`);
}

/** One spelling for equal URLs; text that is no URL stays as it is. */
export function canonicalUrl(text: string): string {
  const url = parse(text);
  return url === undefined ? text : withoutSlash(url.href);
}

function parse(text: string): URL | undefined {
  if (text.length > MAX_URL_CHARACTERS || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && /^https?:$/.test(url.protocol) && !/[?#]/.test(text) ? url : undefined;
}

function withoutSlash(href: string): string {
  return href.replace(/\/+$/, '');
}
