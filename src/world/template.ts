import type { Expression } from '../expr/expression.ts'
import { failure, type Result, success } from '../expr/result.ts'
import { type ExprValue, type ExprVariables, toExprValue } from '../expr/value.ts'
import type { JsonValue } from '../schema/json.ts'
import { compileAt, inside, type Place } from './compile-at.ts'

/** A value of a world in which some texts are expressions, compiled. */
export type Template =
  | { readonly kind: 'literal'; readonly value: ExprValue }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] }

/**
 * Compiles a value: a text `=expression` is replaced by what it evaluates to, at any depth;
 * `==text` is the literal text `=text`. Keys are never expressions.
 */
export function compileTemplate(place: Place, value: JsonValue): Template {
  if (typeof value === 'string') return compileText(place, value)
  if (typeof value !== 'object' || value === null) return literal(toExprValue(value))
  if (isList(value)) {
    return listOf(value.map((item, index) => compileTemplate(inside(place, index), item)))
  }
  return objectOf(
    Object.entries(value).map(([key, member]) => [
      key,
      compileTemplate(inside(place, key), member),
    ]),
  )
}

/** Fills a template in. An expression that fails names itself. */
export function renderTemplate(template: Template, variables: ExprVariables): Result<ExprValue> {
  switch (template.kind) {
    case 'literal':
      return success(template.value)
    case 'expression':
      return renderExpression(template.expression, variables)
    case 'list':
      return renderList(template.items, variables)
    case 'object':
      return renderObject(template.members, variables)
  }
}

export function renderExpression(
  expression: Expression,
  variables: ExprVariables,
): Result<ExprValue> {
  const result = expression.evaluate(variables)
  return result.ok ? result : failure(`${result.error} in ${expression.text}`)
}

function compileText(place: Place, text: string): Template {
  if (!text.startsWith('=')) return literal(text)
  if (text.startsWith('==')) return literal(text.slice(1))
  return { kind: 'expression', expression: compileAt(place, text.slice(1), 1) }
}

/** What holds no expression is made once and shared by all results. */
function listOf(items: readonly Template[]): Template {
  const values = items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []))
  return values.length === items.length ? literal(values) : { kind: 'list', items }
}

function objectOf(members: readonly (readonly [string, Template])[]): Template {
  const values = members.flatMap(([key, member]) =>
    member.kind === 'literal' ? [[key, member.value] as const] : [],
  )
  return values.length === members.length ? literal(new Map(values)) : { kind: 'object', members }
}

function renderList(items: readonly Template[], variables: ExprVariables): Result<ExprValue> {
  const values: ExprValue[] = []
  for (const item of items) {
    const rendered = renderTemplate(item, variables)
    if (!rendered.ok) return rendered
    values.push(rendered.value)
  }
  return success(values)
}

function renderObject(
  members: readonly (readonly [string, Template])[],
  variables: ExprVariables,
): Result<ExprValue> {
  const values = new Map<string, ExprValue>()
  for (const [key, member] of members) {
    const rendered = renderTemplate(member, variables)
    if (!rendered.ok) return rendered
    values.set(key, rendered.value)
  }
  return success(values)
}

function literal(value: ExprValue): Template {
  return { kind: 'literal', value }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
