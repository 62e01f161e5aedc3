/**
 * Rounds a finite float at the edge of a document, so that equal runs give equal bytes.
 *
 * Rounds the exact binary value half away from zero: 1.005 to two digits is 1, because the
 * float lies below 1.005. Never returns -0.
 *
 * @param digits - decimal places, 0 to 100
 */
export function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0
}
