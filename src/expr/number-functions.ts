import { type CelFunc, CelScalar, celFunc } from '@bufbuild/cel'

const { DOUBLE, INT } = CelScalar

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '_+_': (left, right) => left + right,
  '_-_': (left, right) => left - right,
  '_*_': (left, right) => left * right,
  '_/_': (left, right) => left / right,
}

/**
 * Arithmetic between an integer and a double, which CEL itself refuses.
 *
 * Whether a JSON number arrives as one or the other depends on its value: without this,
 * `args.amount * 1.1` works for 40.5 and is an error for 40. Integers among themselves stay
 * integers: `5 / 2` is 2, `5 / 2.0` is 2.5.
 */
export const mixedNumberFunctions: readonly CelFunc[] = Object.entries(operations).flatMap(
  ([name, operation]) => [
    celFunc(name, [INT, DOUBLE], DOUBLE, (left, right) => operation(Number(left), right)),
    celFunc(name, [DOUBLE, INT], DOUBLE, (left, right) => operation(left, Number(right))),
  ],
)
