// @ts-expect-error The package has types, but its export map does not name them.
import * as untyped from 'cephes'
import { bisect } from './bisect.ts'

/** Of cephes: the regularized incomplete beta function, the normal distribution and its inverse. */
interface Cephes {
  readonly compiled: Promise<void>
  readonly incbet: (a: number, b: number, x: number) => number
  readonly ndtr: (z: number) => number
  readonly ndtri: (p: number) => number
}

const { compiled, incbet, ndtr, ndtri } = untyped as Cephes

// The ESM build compiles its WebAssembly asynchronously; nothing in it can be called before.
await compiled

// cephes' own inverses are left alone: `incbi` and `stdtri` return wrong numbers in the far tails
// without saying so (t quantile −377 instead of −5.07 at p = 2e-7, df = 1e6), and both t functions
// drop the fraction of df. `incbet` agrees with scipy to 1e-8 relative up to two million trials.

/**
 * Standard normal P(Z ≤ z), in (0, 1].
 *
 * Never 0, so that no p-value is: what underflows is given as the smallest positive double.
 */
export function normalCdf(z: number): number {
  return Math.max(Number.MIN_VALUE, ndtr(z))
}

/**
 * The z below which a share `p` of the standard normal lies.
 *
 * @param p - a probability; 0 gives −Infinity and 1 gives Infinity
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity
  if (p >= 1) return Infinity
  return ndtri(p)
}

/**
 * Student's t: P(T ≤ t), in (0, 1].
 *
 * Never 0, see {@link normalCdf}.
 *
 * @param df - degrees of freedom, any number > 0
 */
export function tCdf(t: number, df: number): number {
  if (t > 0) return 1 - tCdf(-t, df)
  const square = t * t
  // Two forms of one identity; each loses digits where the other is used.
  if (square < 1) return (1 - betaCdf(square / (df + square), 0.5, df / 2)) / 2
  return Math.max(Number.MIN_VALUE, betaCdf(df / (df + square), df / 2, 0.5) / 2)
}

/**
 * The t below which a share `p` of Student's t lies.
 *
 * @param p - a probability; 0 gives −Infinity and 1 gives Infinity
 * @param df - degrees of freedom, any number > 0
 */
export function tQuantile(p: number, df: number): number {
  if (p <= 0) return -Infinity
  if (p > 0.5) return -tQuantile(1 - p, df)
  let low = -1
  while (tCdf(low, df) > p) low *= 2
  return bisect((t) => tCdf(t, df) < p, low, 0)
}

/**
 * Beta distribution: P(X ≤ x), the regularized incomplete beta function.
 *
 * @param a - first shape, > 0
 * @param b - second shape, > 0
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  return incbet(a, b, x)
}

/**
 * The x in [0, 1] below which a share `p` of the beta distribution lies.
 *
 * @param p - a probability; 0 gives 0 and 1 gives 1
 * @param a - first shape, > 0
 * @param b - second shape, > 0
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0
  if (p >= 1) return 1
  return bisect((x) => betaCdf(x, a, b) < p, 0, 1)
}
