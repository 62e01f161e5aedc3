import { loadModuleTools } from '../../src/cli/candidate/module-tools.ts'
import { openEvalSet, openProject, type ProjectEvalSet } from '../../src/cli/project.ts'
import { lintEvalSet } from '../../src/lint/lint-evalset.ts'
import type { EvalCase } from '../../src/schema/case.ts'
import type { LintResult } from '../../src/schema/lint-result.ts'

/** A set that comes with this package, by its folder's name. */
export async function bundledSet(name: string): Promise<ProjectEvalSet> {
  const cwd = new URL('../../', import.meta.url).pathname
  const project = await openProject(undefined, { cwd, today: () => '2026-11-22' } as never)
  return openEvalSet(project, `${cwd}evalsets/${name}`)
}

export async function lintOfSet(evalSet: ProjectEvalSet): Promise<LintResult> {
  return lintEvalSet({ evalSet: evalSet.loaded, modules: await loadModuleTools(evalSet) })
}

/** How many cases there are of each value. */
export function countBy(
  cases: readonly EvalCase[],
  of: (one: EvalCase) => string | number | undefined,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const one of cases) {
    const value = of(one)
    if (value !== undefined) counts[value] = (counts[value] ?? 0) + 1
  }
  return counts
}
