import type { JsonObject } from '../../schema/json.ts'
import type { ArgumentMatchers, Matcher } from '../../schema/matcher.ts'
import type { WorldTool } from '../../schema/world.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'

/**
 * A write that a case lets through whatever its arguments are.
 *
 * Writes are closed, and naming the tool alone opens it for every order and every amount: the
 * second refund, to somebody else, is then as good as the right one. A required write is let off
 * where something else in the case can see its arguments: a condition on the state, or `calls`
 * with arguments. Whether that something is sharp enough is for the mutants to show.
 */
export const effectsWithoutLimits: LintCheck = {
  id: 'effects-without-limits',

  check(subject) {
    const { allowed = [], required = [] } = subject.evalCase.expect.effects ?? {}
    const open = [
      ...allowed.map((effect, index) => ({ ...effect, path: ['allowed', index], verb: 'may' })),
      ...required
        .map((effect, index) => ({ ...effect, path: ['required', index], verb: 'must' }))
        .filter(({ tool }) => !isSeenElsewhere(subject, tool)),
    ]
    return open.flatMap(({ args, path, tool, verb }) => {
      const world = toolOf(subject, tool)
      if (world === undefined || world.effect === 'read' || isLimited(args, world)) return []
      const names = argumentNames(world)
      if (names.length === 0) return []
      return [finding(subject, { path, tool, verb, names })]
    })
  },
}

interface OpenEffect {
  readonly path: CheckFinding['path']
  readonly tool: string
  readonly verb: string
  /** Its arguments, those that it needs first. */
  readonly names: readonly string[]
}

function finding(subject: CheckedCase, { names, path, tool, verb }: OpenEffect): CheckFinding {
  const [first = ''] = names
  const made = subject.oracle.view.calls.find((call) => call.tool === tool)?.args[first]
  const example = made === undefined ? '…' : JSON.stringify(made)
  return {
    path: ['expect', 'effects', ...path],
    level: 'error',
    message: `${tool} ${verb} take effect here with any arguments: nothing compares its ${names.join(', ')}`,
    hint: `say what it may be done to: { tool: ${tool}, args: { ${first}: ${example} } }`,
  }
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
