import { type CelFunc, CelScalar, celFunc, isCelMap, mapType, parse } from '@bufbuild/cel'
import type { Expr, Expr_Select } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'

const { BOOL, DYN, STRING } = CelScalar
const hasField = '@has_field'

/**
 * `has(a.b)` and `'b' in a` that count a key whose value is null as present, as CEL defines it.
 *
 * The library looks the value up and takes null for absent, so `has()` becomes a function call.
 */
export const presenceFunctions: readonly CelFunc[] = [
  celFunc(hasField, [DYN, STRING], BOOL, (operand, field) => {
    return isCelMap(operand) && operand.get(field) !== undefined
  }),
  celFunc('@in', [STRING, mapType(DYN, DYN)], BOOL, (key, map) => map.get(key) !== undefined),
]

/** Turns a parsed `has(operand.field)` into a call of our function, in place. */
export function rewriteHas(node: Expr, { operand, field }: Expr_Select): void {
  if (operand === undefined) return
  const name = parse(`'${field}'`).expr
  node.exprKind = {
    case: 'callExpr',
    value: { $typeName: 'cel.expr.Expr.Call', function: hasField, args: [operand, name] },
  }
}
