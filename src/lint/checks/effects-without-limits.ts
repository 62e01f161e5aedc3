import type { JsonObject } from '../../schema/json.ts'
import type { ArgumentMatchers, Matcher } from '../../schema/matcher.ts'
import type { WorldTool } from '../../schema/world.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'

/**
 * A write that a case lets through whatever its arguments are, or whatever one is that decides to
 * whom it is done or how much of it.
 *
 * Writes are closed, and naming the tool alone opens it for every order and every amount: the
 * second refund, to somebody else, is then as good as the right one. What is allowed beside the work
 * needs a limit for each such argument: no mutant shows the gap where the oracle does without it. A
 * required write is let off where something else in the case can see its arguments: a condition on
 * the state, or `calls` with arguments. Whether that something is sharp enough is for the mutants to
 * show.
 */
export const effectsWithoutLimits: LintCheck = {
  id: 'effects-without-limits',

  check(subject) {
    const { allowed = [], required = [] } = subject.evalCase.expect.effects ?? {}
    return [
      ...allowed.flatMap((effect, index) =>
        openEffect(subject, { ...effect, path: ['allowed', index], verb: 'may' }),
      ),
      ...required.flatMap((effect, index) =>
        isSeenElsewhere(subject, effect.tool)
          ? []
          : openEffect(subject, { ...effect, path: ['required', index], verb: 'must' }),
      ),
    ]
  },
}

interface Effect {
  readonly path: CheckFinding['path']
  readonly tool: string
  readonly args?: ArgumentMatchers | undefined
  readonly verb: 'may' | 'must'
}

function openEffect(subject: CheckedCase, effect: Effect): readonly CheckFinding[] {
  const world = toolOf(subject, effect.tool)
  if (world === undefined || world.effect === 'read') return []
  const names = argumentNames(world)
  if (!isLimited(effect.args, world)) {
    const what = `with any arguments: nothing compares its ${names.join(', ')}`
    return names.length === 0 ? [] : [finding(subject, effect, { names, what })]
  }
  if (effect.verb === 'must') return []
  const open = decisiveArguments(world, subject).filter((name) => !isNamed(effect.args, name))
  if (open.length === 0) return []
  return [finding(subject, effect, { names: open, what: `with any ${open.join(' and any ')}` })]
}

function finding(
  subject: CheckedCase,
  { path, tool, verb }: Effect,
  { names, what }: { readonly names: readonly string[]; readonly what: string },
): CheckFinding {
  const [first = ''] = names
  const made = subject.oracle.view.calls.find((call) => call.tool === tool)?.args[first]
  const example = made === undefined ? '…' : JSON.stringify(made)
  return {
    path: ['expect', 'effects', ...path],
    level: 'error',
    message: `${tool} ${verb} take effect here ${what}`,
    hint: `say what it may be done to: { tool: ${tool}, args: { ${first}: ${example} } }`,
  }
}

/** Names of what says to whom something is done, by themselves: `order_id`, `to`, `new_email`. */
const naming = /(?:^|_)(?:id|sku|number|to|email|recipient)$|[a-z]Id$/

/**
 * Arguments that a tool needs and that say to whom or how much: numbers, and texts that name a
 * record or an address. `customer` names one where the state has `customers`.
 */
function decisiveArguments(
  { idempotency, input }: WorldTool,
  { evalSet }: CheckedCase,
): readonly string[] {
  const required = Array.isArray(input['required']) ? (input['required'] as readonly string[]) : []
  const properties = (input['properties'] ?? {}) as Readonly<Record<string, JsonObject>>
  return required.filter((name) => {
    const { const: only, enum: listed, type } = properties[name] ?? {}
    if (name === idempotency || listed !== undefined || only !== undefined) return false
    if (type === 'number' || type === 'integer') return true
    const isRecord = Object.hasOwn(evalSet.world.state, `${name}s`)
    return type === 'string' && (isRecord || naming.test(name))
  })
}

function isNamed(args: ArgumentMatchers = {}, name: string): boolean {
  return Object.hasOwn(args, name) && limits(args[name] ?? null)
}

function toolOf({ evalSet }: CheckedCase, name: string): WorldTool | undefined {
  const { tools } = evalSet.world
  return Object.hasOwn(tools, name) ? tools[name] : undefined
}

/** The key that makes a retry safe says nothing about what is done, so it limits nothing. */
function isLimited(args: ArgumentMatchers = {}, { idempotency }: WorldTool): boolean {
  return Object.entries(args).some(([name, matcher]) => name !== idempotency && limits(matcher))
}

/** An empty list of operators only asks for the argument to be there. */
function limits(matcher: Matcher): boolean {
  return typeof matcher !== 'object' || matcher === null || Object.keys(matcher).length > 0
}

function argumentNames({ idempotency, input }: WorldTool): readonly string[] {
  const required = Array.isArray(input['required']) ? (input['required'] as readonly string[]) : []
  const known = Object.keys((input['properties'] ?? {}) as JsonObject)
  const needed = required.filter((name) => known.includes(name))
  return [...new Set([...needed, ...known])].filter((name) => name !== idempotency)
}

function isSeenElsewhere({ evalCase: { expect }, ...subject }: CheckedCase, tool: string): boolean {
  if (expect.state !== undefined) return true
  const world = subject.evalSet.world.tools[tool]
  return (expect.calls ?? []).some(
    (call) => call.tool === tool && world !== undefined && isLimited(call.args, world),
  )
}
