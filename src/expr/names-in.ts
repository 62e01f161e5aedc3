import type { Expr, Expr_Call, Expr_Comprehension } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { environment } from './environment.ts'
import { rewriteHas } from './presence.ts'

/** A name in an expression and the node it stands at, for its position in the text. */
export interface UsedName {
  readonly name: string
  readonly id: bigint
}

export interface NamesIn {
  /** Free variables; those that a macro such as `exists(x, …)` binds are left out. */
  readonly variables: readonly UsedName[]
  /** Functions that nobody defines. */
  readonly unknownFunctions: readonly UsedName[]
}

interface Search {
  readonly variables: UsedName[]
  readonly unknownFunctions: UsedName[]
}

/** Identifiers that are types unless a variable has the name. */
const typeNames = new Set(
  'int uint double bool string bytes list map null_type type google'.split(' '),
)

/** Operators that are evaluated without a function. */
const builtIn = new Set(['_&&_', '_||_', '_?_:_', '_[_]', '@not_strictly_false'])

/**
 * Which names a parsed expression leaves to its surroundings. Also rewrites `has()` on the way.
 *
 * @throws RangeError when the expression nests too deeply for the stack
 */
export function namesIn(root: Expr): NamesIn {
  const search: Search = { variables: [], unknownFunctions: [] }
  visit(root, new Set(), search)
  return search
}

function visit(node: Expr | undefined, bound: ReadonlySet<string>, search: Search): void {
  if (node === undefined) return
  const { exprKind } = node
  if (exprKind.case === 'callExpr') visitCall(node, exprKind.value, { bound, search })
  else if (exprKind.case === 'comprehensionExpr') visitMacro(exprKind.value, bound, search)
  else if (exprKind.case === 'selectExpr') {
    if (exprKind.value.testOnly) rewriteHas(node, exprKind.value)
    visit(exprKind.value.operand, bound, search)
  } else if (exprKind.case === 'identExpr') {
    const { name } = exprKind.value
    if (!bound.has(name) && !typeNames.has(name)) search.variables.push({ name, id: node.id })
  } else {
    for (const part of partsOf(exprKind)) visit(part, bound, search)
  }
}

/** `xs.exists(x, …)` and the like: a loop with variables of its own. */
function visitMacro(loop: Expr_Comprehension, bound: ReadonlySet<string>, search: Search): void {
  visit(loop.iterRange, bound, search)
  visit(loop.accuInit, bound, search)
  const within = new Set([...bound, loop.accuVar, loop.iterVar])
  for (const part of [loop.loopCondition, loop.loopStep, loop.result]) visit(part, within, search)
}

function visitCall(
  node: Expr,
  call: Expr_Call,
  { bound, search }: { bound: ReadonlySet<string>; search: Search },
): void {
  for (const argument of call.args) visit(argument, bound, search)
  const { target } = call
  if (target?.exprKind.case === 'identExpr') {
    // `strings.quote(x)` parses as a method of a variable called `strings`.
    const qualified = `${target.exprKind.value.name}.${call.function}`
    if (environment.funcs.find(qualified) !== undefined) return
  }
  visit(target, bound, search)
  const known = builtIn.has(call.function) || environment.funcs.find(call.function) !== undefined
  if (!known) search.unknownFunctions.push({ name: call.function, id: node.id })
}

function partsOf(exprKind: Expr['exprKind']): readonly (Expr | undefined)[] {
  if (exprKind.case === 'listExpr') return exprKind.value.elements
  if (exprKind.case !== 'structExpr') return []
  return exprKind.value.entries.flatMap(({ keyKind, value }) => [
    keyKind.case === 'mapKey' ? keyKind.value : undefined,
    value,
  ])
}
