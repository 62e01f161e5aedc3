import { ruleChange } from '../../gate/rule-words.ts'
import { splitReference } from '../../providers/prices/price-list.ts'
import { asJson } from '../../schema/json.ts'
import type { ProjectConfig } from '../../schema/project.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'

/** Model services of a change, and what it does to those of its own yardstick. */
export interface ServicesInForce {
  readonly providers: ProjectConfig['providers']
  readonly changes: readonly RuleChange[]
}

/**
 * Where the judge and the simulated user are reached: as at the base, until the change is merged. Who
 * may move the judge to a server of one's own may answer for it.
 */
export function servicesAtBase(
  { file, judge }: Pick<LoadedEvalSet, 'file' | 'judge'>,
  here: ProjectConfig['providers'],
  base: ProjectConfig['providers'],
): ServicesInForce {
  const models = [file.user_simulator.model, ...(judge === undefined ? [] : [judge.settings.model])]
  const names = [...new Set(models.map((model) => splitReference(model).provider))].sort()
  const others = Object.entries(here).filter(([name]) => !names.includes(name))
  const atBase = Object.entries(base).filter(([name]) => names.includes(name))
  const changes = names.flatMap((name) => {
    const [was, is] = [own(base, name), own(here, name)]
    const values = { base: was && asJson(was), here: is && asJson(is) }
    return ruleChange(`service "${name}" of the judge or the simulated user`, values, 'base')
  })
  return { providers: Object.fromEntries([...others, ...atBase]), changes }
}

function own(
  providers: ProjectConfig['providers'],
  name: string,
): ProjectConfig['providers'][string] | undefined {
  return Object.hasOwn(providers, name) ? providers[name] : undefined
}
