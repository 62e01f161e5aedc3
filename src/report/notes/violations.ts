import type { Severity } from '../../schema/policy.ts'
import type { Fact } from '../../schema/verdict.ts'
import { reportedCases } from '../cases/reported-cases.ts'
import { plural } from '../format.ts'
import type { ReportedCase, ReportInput } from '../reporter.ts'
import type { Say } from '../say.ts'
import { factWords } from './harm-words.ts'

/** A rule that executed actions broke in a case. */
export interface Violation {
  readonly rule: string
  /** Absent where no case may be named. */
  readonly case?: string | undefined
  readonly file?: string | undefined
  readonly line?: number | undefined
  /** `error`: a fact that made the verdict red. Otherwise as severe as the rule says. */
  readonly level: 'error' | 'warning' | 'note'
  /** Foreign text as it is. */
  readonly message: string
  readonly waivedBy?: string | undefined
}

/**
 * Each rule once for each case in which an executed action broke it, by case. What was only proposed is
 * none: something stopped it. Cases that do not gate have none but those that a fact names.
 */
export function violationsOf(input: ReportInput): readonly Violation[] {
  const { deciding, idle } = reportedCases(input)
  const facts = (input.result.verdict?.facts ?? []).filter(({ kind }) => kind !== 'limit')
  const severities = severitiesOf(input)
  const ofCases = deciding.flatMap((one) => ofCase(one, facts, severities))
  const places = new Map([...deciding, ...idle].map((one) => [one.id, one]))
  const byKey = new Map<string, Violation>()
  for (const one of [...ofCases, ...facts.flatMap((fact) => ofFact(fact, places))]) {
    const key = JSON.stringify([one.case, one.rule])
    if (!byKey.has(key)) byKey.set(key, one)
  }
  return [...byKey.values()]
}

function ofCase(
  one: ReportedCase,
  facts: readonly Fact[],
  severities: ReadonlyMap<string, Severity>,
): readonly Violation[] {
  return Object.entries(one.violationsByRule).flatMap(([rule, { executed }]) => {
    if (executed === 0) return []
    const fact = facts.find((known) => known.rule === rule && known.cases.includes(one.id))
    return [
      {
        rule,
        case: one.id,
        file: one.file,
        line: one.line,
        level: fact === undefined ? levelOf(severities.get(rule)) : levelOfFact(fact),
        message: `rule "${rule}" was broken by ${plural(executed, 'executed call')} in ${plural(one.scored, 'trial')}`,
        waivedBy: fact?.waivedBy,
      },
    ]
  })
}

function ofFact(fact: Fact, places: ReadonlyMap<string, ReportedCase>): readonly Violation[] {
  const rule = fact.rule ?? fact.kind
  const said = {
    rule,
    level: levelOfFact(fact),
    message: factWords(fact, asItIs),
    waivedBy: fact.waivedBy,
  }
  if (fact.cases.length === 0) return [said]
  return fact.cases.map((id) => {
    const { file, line } = places.get(id) ?? {}
    return { ...said, case: id, file, line }
  })
}

/** Whoever prints a violation makes it safe. */
const asItIs: Say = (foreign) => foreign

function levelOfFact({ waivedBy }: Fact): Violation['level'] {
  return waivedBy === undefined ? 'error' : 'note'
}

function levelOf(severity: Severity | undefined): Violation['level'] {
  if (severity === 'critical' || severity === 'high') return 'error'
  return severity === 'low' ? 'note' : 'warning'
}

function severitiesOf({ result }: ReportInput): ReadonlyMap<string, Severity> {
  const rules = result.kind === 'RunResult' ? (result.controls?.rules ?? []) : []
  return new Map(
    rules.flatMap(({ rule, severity }) =>
      severity === undefined ? [] : [[rule, severity] as const],
    ),
  )
}
