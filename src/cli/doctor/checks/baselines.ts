import { AgentEvalError } from '../../../errors.ts'
import { plural } from '../../../report/format.ts'
import type { CaseStats } from '../../../schema/case-stats.ts'
import type { LoadedEvalSet } from '../../../suites/load-evalset.ts'
import { shellWord } from '../../../text/shell-word.ts'
import { ageInDays } from '../../at-base/age-in-days.ts'
import type { FoundBaseline } from '../../at-base/baseline-source.ts'
import { comparedWith, judgingGround } from '../../at-base/judging-ground.ts'
import { findBaseCommit } from '../../git/merge-base.ts'
import type { Io } from '../../io.ts'
import { commandPrefix } from '../../print/report-context.ts'
import type { Project, ProjectEvalSet } from '../../project.ts'
import { type Check, type Finding, failuresOf } from '../check.ts'
import { gatingCases } from '../gating-cases.ts'

/** Whether each eval set has a baseline that a run of today could be compared with. */
export const baselinesCheck: Check = {
  id: 'baseline',
  run: async ({ io, project, sets }) => {
    if (!project.ok) return []
    if (!(await isBaseKnown(io))) {
      return [{ status: 'skipped', message: 'the commit that has them is not here: see base' }]
    }
    const found: Finding[] = []
    for (const { evalSet, name } of sets) {
      if (evalSet.ok) found.push(...(await findingsOf(evalSet.value, project.value, { io, name })))
    }
    return found
  },
}

/** Whose baseline is meant is told once, and not for every set. */
async function isBaseKnown({ cwd, env }: Io): Promise<boolean> {
  try {
    await findBaseCommit({ cwd, env, source: undefined })
    return true
  } catch (error) {
    if (error instanceof AgentEvalError) return false
    throw error
  }
}

/** How it is measured with as many trials as are advised, by a run that no verdict ends early. */
function updateLine(name: string, { cases, gate }: Measured): string {
  const most = Math.max(1, ...cases.map(({ trials }) => trials))
  const trials = Math.ceil(gate.baseline.trials_factor * most)
  const run = `${commandPrefix} run ${shellWord(name)} --trials ${trials} --no-gate`
  return `${run} && ${commandPrefix} baseline update`
}

/** What a run of today would try, and how often. */
interface Measured {
  readonly cases: readonly { readonly id: string; readonly trials: number }[]
  readonly gate: LoadedEvalSet['file']['gate']
}

interface Asked {
  readonly io: Io
  readonly name: string
}

async function findingsOf(
  own: ProjectEvalSet,
  project: Project,
  { io, name }: Asked,
): Promise<readonly Finding[]> {
  const options = project.hasFile ? { config: project.file } : {}
  try {
    const ground = await judgingGround(own, project, { io, options })
    const { loaded } = ground.evalSet
    const usual = ground.project.config.trials ?? loaded.file.defaults.trials
    const cases = gatingCases(loaded).map(({ id, trials }) => ({ id, trials: trials ?? usual }))
    const measured: Measured = { cases, gate: loaded.file.gate }
    const { advice, baseline } = await comparedWith(ground, measured, { io, options })
    const update = updateLine(name, measured)
    const notes = (advice ?? []).map((message): Finding => {
      return { status: 'warn', about: name, message, fix: update }
    })
    if (baseline !== undefined)
      return [await describe(baseline, loaded, { io, name, update }), ...notes]
    const message = 'there is no baseline: limits are judged, and nothing is compared'
    return [{ status: 'warn', about: name, message, fix: update }, ...notes]
  } catch (error) {
    return failuresOf(error, name)
  }
}

async function describe(
  { arm, committed, from }: FoundBaseline,
  loaded: LoadedEvalSet,
  { io, name, update }: Asked & { readonly update: string },
): Promise<Finding> {
  const known = new Map(arm.cases.map((one) => [one.id, one]))
  const gating = gatingCases(loaded)
  const comparable = gating.flatMap(({ id }) => {
    const stats = known.get(id)
    return stats?.definitionHash === loaded.definitions.get(id)?.definitionHash &&
      stats !== undefined
      ? [stats]
      : []
  })
  const days = committed === undefined ? undefined : await ageInDays(committed, io)
  const age = days === undefined ? 'of unknown age' : `${plural(days, 'day')} old`
  const counted = `${comparable.length} of ${plural(gating.length, 'gating case')} can be compared`
  // In a pull request it is that of another commit, and one should see of which.
  const at = from.startsWith('git:') ? `${from}: ` : ''
  const message = `${at}${counted}, ${trialsIn(comparable)}, ${age}`
  if (comparable.length === gating.length) return { status: 'ok', about: name, message }
  return { status: 'warn', about: name, message, fix: update }
}

/** `5 trials each`, `3 to 15 trials each`. */
function trialsIn(cases: readonly CaseStats[]): string {
  const counts = cases.map(({ scored }) => scored)
  if (counts.length === 0) return 'no trials'
  const [least, most] = counts.reduce(
    ([low, high], count) => [Math.min(low, count), Math.max(high, count)],
    [Number.POSITIVE_INFINITY, 0],
  )
  return least === most ? `${plural(most, 'trial')} each` : `${least} to ${most} trials each`
}
