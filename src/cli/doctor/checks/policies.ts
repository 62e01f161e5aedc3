import type { OpaPolicy } from '../../../schema/policy-engines.ts'
import { openEngines } from '../../candidate/open-engines.ts'
import type { Project } from '../../project.ts'
import { type Check, type Finding, failuresOf } from '../check.ts'
import { type DoctorContext, type UsableSet, usableSets } from '../context.ts'

/**
 * Whether the policies of agents and eval sets open: files, schemas, and an `opa` on PATH where Rego has
 * to be compiled. No server is asked.
 */
export const policiesCheck: Check = {
  id: 'policies',
  run: async (context) => {
    const { outside, project } = context
    if (!project.ok) return []
    const sets = usableSets(context).filter((set) => enginesOf(set).length > 0)
    const found: Finding[] = []
    for (const set of sets) found.push(...(await findingsOf(set, project.value, outside)))
    return found
  },
}

async function findingsOf(
  set: UsableSet,
  project: Project,
  outside: DoctorContext['outside'],
): Promise<readonly Finding[]> {
  const { agent, evalSet, name } = set
  try {
    await openEngines({ project, own: agent, evalSet }, outside)
  } catch (error) {
    return failuresOf(error, name)
  }
  const servers = opaOf(set).flatMap(({ url }) => (url === undefined ? [] : [url]))
  return [
    { status: 'ok', about: name, message: `${enginesOf(set).join(' and ')} can be opened` },
    ...servers.map((url): Finding => {
      const message = `whether the policy server ${withoutUser(url)} answers shows in a run`
      return { status: 'skipped', about: name, message }
    }),
  ]
}

/** In words, those that are used on either side. */
function enginesOf(set: UsableSet): readonly string[] {
  const { agent, evalSet } = set
  const sides = [agent.candidate.policy, evalSet.loaded.policy]
  return [
    ...(opaOf(set).length > 0 ? ['OPA policies'] : []),
    ...(sides.some(({ cedar }) => cedar !== undefined) ? ['Cedar policies'] : []),
  ]
}

function opaOf({ agent, evalSet }: UsableSet): readonly OpaPolicy[] {
  return [agent.candidate.policy.opa, evalSet.loaded.policy.opa].filter((one) => one !== undefined)
}

/** A password in an address is nobody's business. */
function withoutUser(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//')
}
