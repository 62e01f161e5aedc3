import { plural } from '../../../report/format.ts'
import type { LintResult } from '../../../schema/lint-result.ts'
import type { LoadedEvalSet } from '../../../suites/load-evalset.ts'
import { shellWord } from '../../../text/shell-word.ts'
import { knownLint } from '../../lint/lint-cache.ts'
import { commandPrefix } from '../../print/report-context.ts'
import { isInCi } from '../../print/write-text.ts'
import type { Project } from '../../project.ts'
import type { Check, Finding } from '../check.ts'
import { gatingCases } from '../gating-cases.ts'

/** What lint is known to say of each eval set. Nothing is played to find out. */
export const lintCheck: Check = {
  id: 'lint',
  run: async ({ io, project, sets }) => {
    if (!project.ok) return []
    const loaded = sets.flatMap(({ evalSet, folder, name }) =>
      evalSet.ok ? [{ folder, name, loaded: evalSet.value.loaded }] : [],
    )
    if (isInCi(io) && loaded.length > 0) {
      return [{ status: 'skipped', message: 'in CI every run lints its cases anew' }]
    }
    return Promise.all(loaded.map((set) => findingOf(set, project.value)))
  },
}

interface SetToLint {
  readonly name: string
  /** Absolute. */
  readonly folder: string
  readonly loaded: LoadedEvalSet
}

async function findingOf({ folder, loaded, name }: SetToLint, project: Project): Promise<Finding> {
  const known = await knownLint({ project, folder })
  const fix = `${commandPrefix} lint ${shellWord(name)}`
  if (known === undefined) {
    const message = 'not linted as it stands; a run lints it first'
    return { status: 'warn', about: name, message, fix }
  }
  const rejected = rejectedOf(known, loaded)
  if (rejected > 0) {
    const message = `lint rejects ${plural(rejected, 'case')}: a run is refused`
    return { status: 'fail', about: name, message, fix }
  }
  const { findings } = known
  const message = `linted, ${plural(findings.length, 'finding')}`
  if (findings.length > 0) return { status: 'warn', about: name, message, fix }
  return { status: 'ok', about: name, message }
}

/** A draft and a quarantined case may be faulty: they gate nothing. */
function rejectedOf({ cases }: LintResult, loaded: LoadedEvalSet): number {
  const gating = new Set(gatingCases(loaded).map(({ id }) => id))
  return cases.filter(({ id, usable }) => !usable && gating.has(id)).length
}
