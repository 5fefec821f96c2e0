/**
 * Random Move programs that always compile and always end: integer expressions of all widths, and
 * sequences of vector operations. A program ends by an abort whose code is its result, so that two
 * machines that agree on the outcome agree on the value. Reproducible from a seed.
 */

type Width = 8 | 16 | 32 | 64 | 128 | 256;
const WIDTHS: readonly Width[] = [8, 16, 32, 64, 128, 256];
const MAX_DEPTH = 5;
/** Keeps codes below the range that means a named error constant. */
const CODE_BITS = 60;

/** A small generator of numbers (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Source of a module `fuzz::fuzz` with `count` tests. */
export function randomModule(seed: number, count: number): string {
  const random = randomFrom(seed);
  const tests = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? arithmeticTest(random, i) : vectorTest(random, i),
  );
  return `module fuzz::fuzz;\n${tests.join('\n')}\n`;
}

function arithmeticTest(random: (below: number) => number, index: number): string {
  const width = WIDTHS[random(WIDTHS.length)] ?? 64;
  const names = ['a', 'b', 'c'];
  const lets = names.map((name) => `let ${name} = ${literal(random, width)};`).join(' ');
  const value = expression(random, width, names, MAX_DEPTH);
  return (
    `#[test] fun t${index}() {\n  ${lets}\n  a; b; c;\n` +
    `  let v = ${value};\n  abort ${fold('v', width)}\n}`
  );
}

/** All bits of a value, folded into one abort code. */
function fold(name: string, width: Width): string {
  if (width < CODE_BITS) return `(${name} as u64)`;
  const parts = [];
  for (let shift = 0; shift < width; shift += CODE_BITS) parts.push(`(${name} >> ${shift})`);
  return `((${parts.join(' ^ ')}) & ${(1n << BigInt(CODE_BITS)) - 1n}) as u64`;
}

function literal(random: (below: number) => number, width: Width): string {
  const max = (1n << BigInt(width)) - 1n;
  const edges = [0n, 1n, 2n, max, max - 1n, max >> 1n, (max >> 1n) + 1n];
  if (random(3) === 0) return `${edges[random(edges.length)]}u${width}`;
  let value = 0n;
  for (let i = 0; i < 8; i++) value = (value << 32n) | BigInt(random(2 ** 32));
  return `${value >> BigInt(256 - 1 - random(width))}u${width}`;
}

function expression(
  random: (below: number) => number,
  width: Width,
  names: readonly string[],
  depth: number,
): string {
  if (depth === 0) {
    return random(2) === 0 ? literal(random, width) : (names[random(names.length)] ?? 'a');
  }
  const sub = () => expression(random, width, names, depth - 1);
  switch (random(9)) {
    case 0:
      return `(${sub()} << ${literal(random, 8)} % ${width + (random(8) === 0 ? 1 : 0)}u8)`
        .replace('% 256u8', '')
        .replace('% 257u8', '');
    case 1:
      return `(${sub()} >> ${random(width)}u8)`;
    case 2: {
      const other = WIDTHS[random(WIDTHS.length)] ?? 64;
      return `((${sub()} as u${other}) as u${width})`;
    }
    case 3:
      return `(if (${sub()} ${['<', '>', '<=', '>=', '==', '!='][random(6)]} ${sub()}) ${sub()} else ${sub()})`;
    default:
      return `(${sub()} ${['+', '-', '*', '/', '%', '&', '|', '^'][random(8)]} ${sub()})`;
  }
}

function vectorTest(random: (below: number) => number, index: number): string {
  const length = random(6);
  const items = Array.from({ length }, () => `${random(1000)}`);
  const lines = Array.from({ length: 3 + random(8) }, () => vectorStep(random));
  return [
    `#[test] fun t${index}() {`,
    `  let mut v = vector<u64>[${items.join(', ')}];`,
    '  let mut x = 1u64;',
    ...lines.map((line) => `  ${line}`),
    '  v.do!(|e| x = (x * 31 + e) % 1000003);',
    '  abort x',
    '}',
  ].join('\n');
}

function vectorStep(random: (below: number) => number): string {
  const i = random(6);
  const steps = [
    `v.push_back(x + ${i});`,
    'x = x + v.pop_back();',
    `x = x + v[${i}];`,
    `*&mut v[${i}] = x;`,
    `v.swap(${i}, ${random(4)});`,
    `x = x + v.remove(${i});`,
    `v.insert(x, ${i});`,
    `x = x + v.swap_remove(${i});`,
    'v.reverse();',
    `v.append(vector[${i}, x]);`,
    'x = x + v.length();',
    `if (v.contains(&${i})) x = x + 7;`,
    'v = v.map!(|e| e * 2 + 1);',
    'v = v.filter!(|e| *e % 2 == 0);',
    'v.insertion_sort_by!(|a, b| *a <= *b);',
    'let w = v; if (w == v) x = x + 1;',
  ];
  return steps[random(steps.length)] ?? '';
}
