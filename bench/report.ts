/** Figures, and how they are told: a table for people, one JSON object a line for programs. */
import { FAIL_FACTOR, isMet, type Target, targetsOf } from './targets.ts';

/** `ms` is time of one CPU, `MiB` memory, `/s` operations for each second of one CPU. */
export type Unit = 'ms' | 'MiB' | '/s';

export interface Measurement {
  readonly name: string;
  readonly ours: number;
  /** The same work by the reference; undefined where there is none. */
  readonly reference: number | undefined;
  /** Above 1 = ours is better; undefined without reference. */
  readonly ratio: number | undefined;
  readonly unit: Unit;
}

export function measurement(
  name: string,
  unit: Unit,
  ours: number,
  reference?: number,
): Measurement {
  return { name, ours, reference, ratio: ratio(unit, ours, reference), unit };
}

function ratio(unit: Unit, ours: number, reference: number | undefined): number | undefined {
  if (reference === undefined) return undefined;
  return unit === '/s' ? ours / reference : reference / ours;
}

/** One line of `--json`, without the line end. */
export function jsonLine(measured: Measurement): string {
  const { name, ours, reference, unit } = measured;
  const targets = targetsOf(name);
  return JSON.stringify({
    name,
    ours: rounded(ours),
    reference: reference === undefined ? null : rounded(reference),
    ratio: measured.ratio === undefined ? null : rounded(measured.ratio),
    unit,
    ...(targets.length === 0
      ? {}
      : { targets, met: targets.every((target) => isMet(measured, target)) }),
  });
}

/** Enough digits to compare, few enough to read. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

const COLUMNS = ['name', 'ours', 'reference', 'ratio', 'target', ''] as const;
const WIDTHS = [38, 13, 13, 8, 18, 7] as const;

export function tableHead(): string {
  return row(COLUMNS);
}

export function tableRow(measured: Measurement): string {
  const { name, ours, reference, unit } = measured;
  const targets = targetsOf(name);
  const met = targets.every((target) => isMet(measured, target));
  return row([
    name,
    quantity(ours, unit),
    reference === undefined ? '–' : quantity(reference, unit),
    measured.ratio === undefined ? '–' : `${measured.ratio.toFixed(2)}×`,
    targets.map((target) => describe(target, unit)).join(', '),
    targets.length === 0 ? '' : met ? 'met' : 'NOT MET',
  ]);
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[i] ?? 0)))
    .join(' ')
    .trimEnd();
}

function quantity(value: number, unit: Unit): string {
  const text = value >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return `${text} ${unit}`;
}

function describe({ of, at, bound }: Target, unit: Unit): string {
  const sign = at === 'least' ? '≥' : '≤';
  return of === 'ratio' ? `${sign} ${Number(bound.toFixed(2))}×` : `${sign} ${bound} ${unit}`;
}

/** The closing line of a run. */
export function summary(measurements: readonly Measurement[]): string {
  const judged = measurements.flatMap((measured) =>
    targetsOf(measured.name).map((target) => isMet(measured, target)),
  );
  const met = judged.filter(Boolean).length;
  return `${met} of ${judged.length} targets met`;
}

/** Measurements beyond `FAIL_FACTOR` times a target: what `--assert` fails on. */
export function regressions(measurements: readonly Measurement[]): Measurement[] {
  return measurements.filter((measured) =>
    targetsOf(measured.name).some((target) => !isMet(measured, target, FAIL_FACTOR)),
  );
}
