import type { JsonValue } from '../schema/json.ts'
import type { World, WorldTool } from '../schema/world.ts'
import type { WrittenExpression } from './check-expression.ts'
import type { Path } from './problem.ts'

const duringCall = ['args', 'state', 'now']
/** A result is made after the change and may compare with what was there before. */
const afterCall = [...duringCall, 'before']

/** All expressions of a world: guards, tiers, facts of calls, changes with their paths, results. */
export function worldExpressions(world: World): readonly WrittenExpression[] {
  return Object.entries(world.tools).flatMap(([name, tool]) =>
    toolExpressions(['tools', name], tool),
  )
}

function toolExpressions(base: Path, tool: WorldTool): readonly WrittenExpression[] {
  const tiers = Array.isArray(tool.risk_tier) ? tool.risk_tier : []
  return [
    ...tool.guards.map(({ require }, index) => ({
      path: [...base, 'guards', index, 'require'],
      text: require,
      variables: duringCall,
    })),
    ...tiers.flatMap(({ when }, index) =>
      when === undefined
        ? []
        : [{ path: [...base, 'risk_tier', index, 'when'], text: when, variables: duringCall }],
    ),
    ...(['tenant', 'usd'] as const).flatMap((fact) => {
      const text = tool[fact]
      return text === undefined ? [] : [{ path: [...base, fact], text, variables: duringCall }]
    }),
    ...tool.change.flatMap((change, index) => {
      const path = [...base, 'change', index]
      const value =
        'value' in change ? inTemplate([...path, 'value'], change.value, duringCall) : []
      return [...inPath([...path, 'path'], change.path), ...value]
    }),
    ...inTemplate([...base, 'returns'], tool.returns ?? null, afterCall),
  ]
}

/** Texts that begin with one `=`, at any depth. */
export function inTemplate(
  path: Path,
  value: JsonValue,
  variables: readonly string[],
): readonly WrittenExpression[] {
  if (typeof value === 'string') {
    const isExpression = value.startsWith('=') && !value.startsWith('==')
    return isExpression ? [{ path, text: value.slice(1), variables, shift: 1 }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  const members: readonly (readonly [string | number, JsonValue])[] = Array.isArray(value)
    ? (value as readonly JsonValue[]).map((item, index) => [index, item])
    : Object.entries(value)
  return members.flatMap(([key, member]) => inTemplate([...path, key], member, variables))
}

/** What stands in braces; without its closing brace, all the rest, which then does not compile. */
function inPath(path: Path, text: string): readonly WrittenExpression[] {
  const found: WrittenExpression[] = []
  let start = text.indexOf('{')
  while (start !== -1) {
    const rest = text.slice(start + 1)
    const length = lengthToBrace(rest) ?? rest.length + 1
    found.push({ path, text: rest.slice(0, length), variables: duringCall, shift: start + 1 })
    start = text.indexOf('{', start + 1 + length)
  }
  return found
}

/** How far it is to the brace that closes an expression; braces in its strings and maps are not it. */
function lengthToBrace(text: string): number | undefined {
  let depth = 0
  const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}]/g
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '}' && depth === 0) return index
    if (token === '{') depth += 1
    else if (token === '}') depth -= 1
  }
  return undefined
}
