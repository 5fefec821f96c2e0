/**
 * Miller loop and final exponentiation for the noble engine, in BigInt arithmetic with lazy
 * reduction.
 *
 * A BigInt remainder costs almost three BigInt products, and noble takes one after every product of
 * base-field elements. Here sums of products are reduced once for each of the twelve coordinates of
 * a result (Aranha et al., "Faster Explicit Formulas for Computing Pairings over Ordinary Curves",
 * EUROCRYPT 2011, §2), which more than halves the time of a pairing. Tower, line functions and
 * addition chain are noble's (Fp2 = Fp[u]/(u²+1), Fp6 = Fp2[v]/(v³−ξ), Fp12 = Fp6[w]/(w²−v), ξ = 1
 * + u), so the values agree; tests compare both engines with noble itself.
 *
 * Coordinates are any integers in (−p, p) here, and are made canonical on the way out.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';

const { Fp, Fp12 } = bls12_381.fields;
const P = Fp.ORDER;
/** |x| of the curve parameter, whose sign is negative. */
const X_BITS = 0xd201000000010000n.toString(2);

/** An element of Fp2; unreduced where a comment or name says wide. */
interface E2 {
  readonly c0: bigint;
  readonly c1: bigint;
}
interface E6 {
  readonly c0: E2;
  readonly c1: E2;
  readonly c2: E2;
}
interface E12 {
  readonly c0: E6;
  readonly c1: E6;
}
/** noble's prepared line coefficients: for each step one or two lines of three Fp2 elements. */
export type Lines = ReturnType<typeof bls12_381.utils.calcPairingPrecomputes>;
/** noble's target-field element. */
export type NobleGt = ReturnType<typeof bls12_381.pairing>;

const add = (a: E2, b: E2): E2 => ({ c0: a.c0 + b.c0, c1: a.c1 + b.c1 });
const sub = (a: E2, b: E2): E2 => ({ c0: a.c0 - b.c0, c1: a.c1 - b.c1 });
const reduce = (a: E2): E2 => ({ c0: a.c0 % P, c1: a.c1 % P });
/** `ξ · a`. */
const timesXi = (a: E2): E2 => ({ c0: a.c0 - a.c1, c1: a.c0 + a.c1 });
/** Wide `a · b`. */
const mul = (a: E2, b: E2): E2 => {
  const t0 = a.c0 * b.c0;
  const t1 = a.c1 * b.c1;
  return { c0: t0 - t1, c1: (a.c0 + a.c1) * (b.c0 + b.c1) - t0 - t1 };
};
/** Wide `a²`. */
const square = (a: E2): E2 => {
  const t = a.c0 * a.c1;
  return { c0: (a.c0 + a.c1) * (a.c0 - a.c1), c1: t + t };
};

const add6 = (a: E6, b: E6): E6 => ({
  c0: add(a.c0, b.c0),
  c1: add(a.c1, b.c1),
  c2: add(a.c2, b.c2),
});
const sub6 = (a: E6, b: E6): E6 => ({
  c0: sub(a.c0, b.c0),
  c1: sub(a.c1, b.c1),
  c2: sub(a.c2, b.c2),
});
const reduce6 = (a: E6): E6 => ({ c0: reduce(a.c0), c1: reduce(a.c1), c2: reduce(a.c2) });
/** `v · a`. */
const timesV = (a: E6): E6 => ({ c0: timesXi(a.c2), c1: a.c0, c2: a.c1 });

/** Wide `a · b` (Karatsuba: six products in Fp2). */
function mul6(a: E6, b: E6): E6 {
  const t0 = mul(a.c0, b.c0);
  const t1 = mul(a.c1, b.c1);
  const t2 = mul(a.c2, b.c2);
  const m12 = mul(add(a.c1, a.c2), add(b.c1, b.c2));
  const m01 = mul(add(a.c0, a.c1), add(b.c0, b.c1));
  const m02 = mul(add(a.c0, a.c2), add(b.c0, b.c2));
  return {
    c0: add(t0, timesXi(sub(sub(m12, t1), t2))),
    c1: add(sub(sub(m01, t0), t1), timesXi(t2)),
    c2: add(sub(sub(m02, t0), t2), t1),
  };
}

/** Wide `a · (x + y·v)`. */
function mulSparse(a: E6, x: E2, y: E2): E6 {
  const t0 = mul(a.c0, x);
  const t1 = mul(a.c1, y);
  return {
    c0: add(t0, timesXi(sub(mul(add(a.c1, a.c2), y), t1))),
    c1: sub(sub(mul(add(a.c0, a.c1), add(x, y)), t0), t1),
    c2: add(sub(mul(add(a.c0, a.c2), x), t0), t1),
  };
}

function mul12(a: E12, b: E12): E12 {
  const t0 = mul6(a.c0, b.c0);
  const t1 = mul6(a.c1, b.c1);
  const cross = mul6(add6(a.c0, a.c1), add6(b.c0, b.c1));
  return { c0: reduce6(add6(t0, timesV(t1))), c1: reduce6(sub6(sub6(cross, t0), t1)) };
}

function square12(a: E12): E12 {
  const ab = mul6(a.c0, a.c1);
  const product = mul6(add6(a.c0, timesV(a.c1)), add6(a.c0, a.c1));
  return {
    c0: reduce6(sub6(sub6(product, ab), timesV(ab))),
    c1: reduce6(add6(ab, ab)),
  };
}

/** `f · (o0 + o1·v + o4·v·w)`: multiplication by the value of one line. */
function mulByLine(f: E12, o0: E2, o1: E2, o4: E2): E12 {
  const t0 = mulSparse(f.c0, o0, o1);
  const t1: E6 = {
    c0: timesXi(mul(f.c1.c2, o4)),
    c1: mul(f.c1.c0, o4),
    c2: mul(f.c1.c1, o4),
  };
  const t2 = mulSparse(add6(f.c0, f.c1), o0, add(o1, o4));
  return { c0: reduce6(add6(t0, timesV(t1))), c1: reduce6(sub6(sub6(t2, t0), t1)) };
}

/** Squaring of `a + b·y` in Fp4 = Fp2[y]/(y²−ξ), wide. */
function square4(a: E2, b: E2): readonly [E2, E2] {
  const a2 = square(a);
  const b2 = square(b);
  return [add(timesXi(b2), a2), sub(sub(square(add(a, b)), a2), b2)];
}

/** `3t − 2z` and `3t + 2z`, reduced. */
const tripleMinus = (t: E2, z: E2): E2 => ({
  c0: (3n * t.c0 - 2n * z.c0) % P,
  c1: (3n * t.c1 - 2n * z.c1) % P,
});
const triplePlus = (t: E2, z: E2): E2 => ({
  c0: (3n * t.c0 + 2n * z.c0) % P,
  c1: (3n * t.c1 + 2n * z.c1) % P,
});

/** Squaring in the cyclotomic subgroup (Granger, Scott, PKC 2010). */
function cyclotomicSquare({ c0, c1 }: E12): E12 {
  const [t3, t4] = square4(c0.c0, c1.c1);
  const [t5, t6] = square4(c1.c0, c0.c2);
  const [t7, t8] = square4(c0.c1, c1.c2);
  return {
    c0: { c0: tripleMinus(t3, c0.c0), c1: tripleMinus(t5, c0.c1), c2: tripleMinus(t7, c0.c2) },
    c1: {
      c0: triplePlus(timesXi(t8), c1.c0),
      c1: triplePlus(t4, c1.c1),
      c2: triplePlus(t6, c1.c2),
    },
  };
}

const negate = (a: E2): E2 => ({ c0: -a.c0, c1: -a.c1 });
/** The inverse in the cyclotomic subgroup. */
const conjugate = (a: E12): E12 => ({
  c0: a.c0,
  c1: { c0: negate(a.c1.c0), c1: negate(a.c1.c1), c2: negate(a.c1.c2) },
});

/** `a^x` in the cyclotomic subgroup. */
function powX(a: E12): E12 {
  let result = a;
  for (let i = 1; i < X_BITS.length; i++) {
    result = cyclotomicSquare(result);
    if (X_BITS[i] === '1') result = mul12(result, a);
  }
  return conjugate(result);
}

/** Brings every coordinate to [0, p), the form noble works with. */
function canonical(a: E12): NobleGt {
  const one = (x: bigint) => (x < 0n ? x + P : x);
  const two = (x: E2) => ({ c0: one(x.c0), c1: one(x.c1) });
  const six = (x: E6) => ({ c0: two(x.c0), c1: two(x.c1), c2: two(x.c2) });
  return Fp12.create({ c0: six(a.c0), c1: six(a.c1) });
}

const frobenius = (a: E12, power: number): E12 => Fp12.frobeniusMap(canonical(a), power);

/** `f^((p^12 − 1) / r)`. */
function finalExponentiate(f: E12): NobleGt {
  const input = canonical(f);
  const easy = Fp12.div(Fp12.conjugate(input), input);
  const t1 = mul12(frobenius(easy, 2), easy);
  const t2 = powX(t1);
  const t3 = mul12(conjugate(cyclotomicSquare(t1)), t2);
  const t4 = powX(t3);
  const t5 = powX(t4);
  const t6 = mul12(powX(t5), cyclotomicSquare(t2));
  const t7 = powX(t6);
  const q2 = frobenius(mul12(t2, t5), 2);
  const q3 = frobenius(mul12(t4, t1), 3);
  const q1 = frobenius(mul12(t6, conjugate(t1)), 1);
  const rest = mul12(mul12(t7, conjugate(t3)), t1);
  return canonical(mul12(mul12(mul12(q2, q3), q1), rest));
}

/** One factor of a product of pairings: the lines of the G2 point and an affine G1 point. */
export interface MillerTerm {
  readonly lines: Lines;
  readonly x: bigint;
  readonly y: bigint;
}

const scale = (a: E2, k: bigint): E2 => ({ c0: (a.c0 * k) % P, c1: (a.c1 * k) % P });

/** The product of the pairings of all terms, with one final exponentiation. */
export function pairingProduct(terms: readonly MillerTerm[]): NobleGt {
  const first = terms[0];
  if (first === undefined) return Fp12.ONE;
  let f: E12 = Fp12.ONE;
  for (let step = 0; step < first.lines.length; step++) {
    if (step !== 0) f = square12(f);
    for (const { lines, x, y } of terms) {
      for (const [c0, c1, c2] of lines[step]!) f = mulByLine(f, c0, scale(c1, x), scale(c2, y));
    }
  }
  // The curve parameter is negative: conjugation inverts up to factors the final power removes.
  return finalExponentiate(conjugate(f));
}
