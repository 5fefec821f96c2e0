/**
 * The compiler prints its findings as text for a terminal; this file turns that text into records.
 * Shape of one finding: a head line `error[E03001]: text`, then a line `  ┌─ sources/m.move:1:8`.
 */

export interface MoveDiagnostic {
  readonly severity: 'error' | 'warning' | 'note' | 'bug';
  /** Compiler code such as `E03001` or `Sui E02006`; absent where the compiler gives none. */
  readonly code: string | undefined;
  readonly message: string;
  /** File as the compiler names it (relative to the package), 1-based line and column. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The compiler's own rendering: head, source excerpt and hints. */
  readonly rendered: string;
}

const HEAD = /^(error|warning|note|bug)(?:\[([^\]]+)\])?: (.*)$/;
const PLACE = /^\s*┌─ (.+):(\d+):(\d+)\s*$/;

/**
 * Splits compiler output into findings. Text before the first finding is not lost: it becomes one
 * error.
 */
export function parseDiagnostics(output: string): MoveDiagnostic[] {
  const blocks: string[][] = [];
  const preamble: string[] = [];
  for (const line of output.split('\n')) {
    if (HEAD.test(line)) blocks.push([line]);
    else (blocks.at(-1) ?? preamble).push(line);
  }
  const found = blocks.map(parseBlock);
  const text = preamble.join('\n').trim();
  if (text !== '' && found.length === 0) {
    found.push({
      severity: 'error',
      code: undefined,
      message: text,
      file: undefined,
      line: undefined,
      column: undefined,
      rendered: text,
    });
  }
  return found;
}

function parseBlock(lines: readonly string[]): MoveDiagnostic {
  const head = HEAD.exec(lines[0] ?? '');
  const place = lines.map((line) => PLACE.exec(line)).find((match) => match !== null);
  return {
    severity: (head?.[1] ?? 'error') as MoveDiagnostic['severity'],
    code: head?.[2],
    message: head?.[3] ?? lines[0] ?? '',
    file: place?.[1],
    line: place ? Number(place[2]) : undefined,
    column: place ? Number(place[3]) : undefined,
    rendered: lines.join('\n').trimEnd(),
  };
}

/** One line for a person: `sources/m.move:3:7: error[E03001]: …`. */
export function formatDiagnostic(diagnostic: MoveDiagnostic): string {
  const { file, line, column, severity, code, message } = diagnostic;
  const place = file === undefined ? '' : `${file}:${line}:${column}: `;
  return `${place}${severity}${code === undefined ? '' : `[${code}]`}: ${message}`;
}
