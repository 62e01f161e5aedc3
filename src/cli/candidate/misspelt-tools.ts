import { coversTool } from '../../controls/tool-glob.ts'
import { AgentEvalError } from '../../errors.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { OtherCall } from '../../schema/policy.ts'
import { didYouMean } from '../../text/did-you-mean.ts'

/** Where a candidate names a tool that the world does not have, and which one it may mean. */
interface Misspelt {
  readonly key: string
  readonly named: string
  readonly meant: string | undefined
}

/**
 * Refuses a candidate with a rule for a tool that is spelt nearly like one of the world: the rule would
 * never apply, and nothing would say so. A name that is like none is allowed, because production may
 * have tools that the world does not play; but a fallback must be able to act here.
 *
 * @throws AgentEvalError (input)
 */
export function refuseMisspelt(candidate: Candidate, tools: readonly string[], file: string): void {
  const wrong = misspeltIn(candidate, tools)
  if (wrong.length === 0) return
  const told = wrong.map(
    ({ key, meant, named }) =>
      `${key}: there is no tool "${named}" in this world${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
  )
  throw new AgentEvalError(told.join('\n'), 'input', { source: { file } })
}

function misspeltIn({ fallback, policy }: Candidate, tools: readonly string[]): Misspelt[] {
  const ofRules = policy.rules.flatMap(({ after, id, never_with, tool }) =>
    [tool, nameOf(after), nameOf(never_with)].flatMap((named) => {
      const meant = named === undefined ? undefined : nearMiss(named, tools)
      return meant === undefined ? [] : [{ key: `policy rule "${id}"`, named: named ?? '', meant }]
    }),
  )
  const acts = fallback?.tool
  if (acts === undefined || tools.includes(acts)) return ofRules
  return [...ofRules, { key: 'fallback.tool', named: acts, meant: didYouMean(acts, tools) }]
}

function nameOf(other: OtherCall | undefined): string | undefined {
  return typeof other === 'string' ? other : other?.tool
}

/** The name or the family of tools (`account.*`) that was meant, where one is near. */
function nearMiss(named: string, tools: readonly string[]): string | undefined {
  if (tools.some((tool) => coversTool(named, tool))) return undefined
  if (!named.includes('*')) return didYouMean(named, tools)
  const [family = ''] = named.split('*')
  const families = [...new Set(tools.map((tool) => tool.slice(0, tool.lastIndexOf('.') + 1)))]
  const meant = didYouMean(family, families)
  return meant === undefined ? undefined : named.replace(family, meant)
}
