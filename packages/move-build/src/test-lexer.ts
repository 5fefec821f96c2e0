/**
 * Just enough Move lexing to find attributes and names without being fooled by comments and
 * strings. Tokens keep their place in the text, so that edits can keep every line where it was.
 */

export interface MoveToken {
  readonly kind: 'word' | 'number' | 'string' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD_START = /[A-Za-z_$]/;
const WORD = /[A-Za-z0-9_]/;

/** All tokens of a Move source file. Unknown characters become symbols; nothing throws. */
export function tokenize(text: string): MoveToken[] {
  const tokens: MoveToken[] = [];
  let at = 0;
  while (at < text.length) {
    const skipped = skipBlank(text, at);
    if (skipped !== at) {
      at = skipped;
      continue;
    }
    const end = tokenEnd(text, at);
    tokens.push({ kind: kindAt(text, at, end), text: text.slice(at, end), start: at, end });
    at = end;
  }
  return tokens;
}

/** End of white space or of one comment at `at`; `at` itself if there is none. */
function skipBlank(text: string, at: number): number {
  if (/\s/.test(text.charAt(at))) return at + 1;
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (!text.startsWith('/*', at)) return at;
  let depth = 1;
  let i = at + 2;
  while (i < text.length && depth > 0) {
    if (text.startsWith('/*', i)) depth += 1;
    else if (text.startsWith('*/', i)) depth -= 1;
    else {
      i += 1;
      continue;
    }
    i += 2;
  }
  return i;
}

function tokenEnd(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === '"' || ((char === 'b' || char === 'x') && text.charAt(at + 1) === '"')) {
    let i = at + (char === '"' ? 1 : 2);
    while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === '\\' ? 2 : 1;
    return Math.min(i + 1, text.length);
  }
  if (WORD_START.test(char) || /[0-9]/.test(char)) {
    let i = at + 1;
    while (i < text.length && WORD.test(text.charAt(i))) i += 1;
    return i;
  }
  return text.startsWith('::', at) ? at + 2 : at + 1;
}

function kindAt(text: string, start: number, end: number): MoveToken['kind'] {
  if (text.charAt(end - 1) === '"' && end - start > 1) return 'string';
  const char = text.charAt(start);
  if (/[0-9]/.test(char)) return 'number';
  return WORD_START.test(char) ? 'word' : 'symbol';
}
