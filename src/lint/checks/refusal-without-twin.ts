import { mostTimes } from '../../graders/describe.ts'
import { isWriteProposal } from '../../graders/trial-view.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'
import { lowestTier } from '../lowest-tier.ts'
import type { Played } from '../played.ts'

/**
 * A case whose right answer is no, without one in which the same action is right.
 *
 * An agent that never acts passes every refusal. So beside each stands a case, by name or in the
 * same cluster, in whose oracle the refused tool takes effect. Only an active one counts: a draft and
 * a quarantined case gate nothing.
 *
 * A case is a refusal when it forbids a tool (`count: 0`) and its oracle tries nothing as
 * weighty instead: sending a new lamp and no money is work done, not a no. Attacked cases are let off:
 * what they forbid is the attacker's wish, and their twin is the case without the attack.
 */
export const refusalWithoutTwin: LintCheck = {
  id: 'refusal-without-twin',

  check(subject) {
    const { attack, permitted_twin: named } = subject.evalCase
    const refused = attack === undefined ? refusedTools(subject) : []
    if (named !== undefined) return wrongTwin(subject, named, refused)
    const alone = refused.find(({ tool }) => !hasClusterTwin(subject, tool))
    return alone === undefined ? [] : [withoutTwin(subject, alone)]
  },
}

interface RefusedTool {
  readonly tool: string
  /** Of the entry in `expect.calls` that forbids it. */
  readonly index: number
}

function refusedTools({ evalCase, evalSet, oracle }: CheckedCase): readonly RefusedTool[] {
  const effective = effectiveTools(oracle)
  const weight = oracle.view.calls
    .filter(isWriteProposal)
    .reduce((most, { tier = 0 }) => Math.max(most, tier), -1)
  return (evalCase.expect.calls ?? []).flatMap(({ count, tool }, index) => {
    const world = evalSet.world.tools[tool]
    if (world === undefined || world.effect === 'read' || mostTimes(count) > 0) return []
    if (effective.has(tool) || lowestTier(world) <= weight) return []
    return [{ tool, index }]
  })
}

function effectiveTools(played: Played | undefined): ReadonlySet<string> {
  const calls = played?.view.calls ?? []
  return new Set(calls.filter((call) => call.tookEffect).map(({ tool }) => tool))
}

function hasClusterTwin({ cases, evalCase, playedOracles }: CheckedCase, tool: string): boolean {
  return cases.some(
    ({ cluster, id, status }) =>
      status === 'active' &&
      cluster === evalCase.cluster &&
      id !== evalCase.id &&
      effectiveTools(playedOracles.get(id)).has(tool),
  )
}

function withoutTwin(subject: CheckedCase, { index, tool }: RefusedTool): CheckFinding {
  const twin = closestTwin(subject, tool)
  return {
    path: ['expect', 'calls', index],
    level: 'error',
    message: `the right answer is no, and no twin shows when ${tool} is right: an agent that always refuses passes`,
    hint:
      twin === undefined
        ? `write a case in which ${tool} is right, and name it here: permitted_twin: ID`
        : `add the line: permitted_twin: ${twin}`,
  }
}

/** Of the cases that do it, the one whose id begins most like this one's. */
function closestTwin(
  { cases, evalCase, playedOracles }: CheckedCase,
  tool: string,
): string | undefined {
  const twins = cases
    .filter(({ id, status }) => status === 'active' && id !== evalCase.id)
    .map(({ id }) => id)
    .filter((id) => effectiveTools(playedOracles.get(id)).has(tool))
  const shared = (id: string): number => {
    const differs = Array.from(id).findIndex((character, at) => character !== evalCase.id[at])
    return differs === -1 ? id.length : differs
  }
  return twins.reduce<string | undefined>(
    (best, id) => (best === undefined || shared(id) > shared(best) ? id : best),
    undefined,
  )
}

function wrongTwin(
  subject: CheckedCase,
  named: string,
  refused: readonly RefusedTool[],
): readonly CheckFinding[] {
  const why = whyNoTwin(subject, named, refused)
  if (why === undefined) return []
  const [first] = refused
  const twin = first && closestTwin(subject, first.tool)
  return [
    {
      path: ['permitted_twin'],
      level: 'error',
      message: `${named} is no twin of this case: ${why}`,
      hint:
        twin === undefined
          ? 'name a case in which the same action is right'
          : `write permitted_twin: ${twin}`,
    },
  ]
}

function whyNoTwin(
  { cases, oracle, playedOracles }: CheckedCase,
  named: string,
  refused: readonly RefusedTool[],
): string | undefined {
  const played = playedOracles.get(named)
  if (played === undefined) return 'it has no oracle to show it'
  if (cases.find(({ id }) => id === named)?.status !== 'active') {
    return 'it is a draft or in quarantine, and gates nothing'
  }
  const done = effectiveTools(played)
  if (refused.length > 0) {
    const tools = refused.map(({ tool }) => tool)
    return tools.some((tool) => done.has(tool))
      ? undefined
      : `${tools.join(', ')} has no effect there either`
  }
  const here = effectiveTools(oracle)
  return [...done].some((tool) => !here.has(tool))
    ? undefined
    : 'its oracle does nothing that this one does not'
}
