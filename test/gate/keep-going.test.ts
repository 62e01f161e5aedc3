import { describe, expect, it } from 'vitest'
import { keepGoing } from '../../src/gate/keep-going.ts'
import type { MetricStatus, Verdict } from '../../src/schema/verdict.ts'
import { aFact, aMetric, aVerdict } from '../builders/verdict.ts'

/** A verdict on one metric of each of these statuses. */
function aLook(
  status: Verdict['status'],
  metrics: readonly MetricStatus[],
  changes: Partial<Verdict> = {},
): Verdict {
  const ids = ['tsr', 'utilityUnderAttack', 'asr', 'violationRate', 'costPerTask'] as const
  return aVerdict({
    status,
    metrics: metrics.map((one, index) => aMetric({ id: ids[index] ?? 'tsr', status: one })),
    ...changes,
  })
}

const fact = { facts: [aFact()] }
const waived = { facts: [aFact({ waivedBy: 'ana until 2026-12-31: known' })] }
const lost = { missingEvidence: ['9 of 20 trials of the candidate have no result'] }
const first = { firstRun: true }

describe('keepGoing', () => {
  it.each<[string, Verdict, boolean]>([
    ['every metric passed', aLook('pass', ['pass', 'pass']), false],
    ['what is left has nothing to judge', aLook('pass', ['pass', 'n/a']), false],
    ['one is inconclusive', aLook('inconclusive', ['pass', 'inconclusive']), true],
    ['one is unproven, and nothing else is open', aLook('pass', ['pass', 'unproven']), true],
    ['one is unproven and must be proven', aLook('inconclusive', ['pass', 'unproven']), true],
    ['one regressed, others are open', aLook('regression', ['regression', 'inconclusive']), false],
    ['a fact, all metrics are open', aLook('regression', ['inconclusive'], fact), false],
    ['a waived fact', aLook('pass', ['pass'], waived), false],
    ['a waived fact, one metric is open', aLook('inconclusive', ['inconclusive'], waived), true],
    ['a slice regressed, all metrics passed', aLook('regression', ['pass', 'pass']), false],
    ['a tier is not earned yet, all metrics passed', aLook('inconclusive', ['pass']), true],
    ['too many trials were lost so far', aLook('error', ['pass'], lost), true],
    ['nothing to compare with: the next baseline', aLook('pass', ['n/a', 'n/a'], first), true],
    [
      'nothing to compare with, and a fact',
      aLook('regression', ['n/a'], { ...first, ...fact }),
      false,
    ],
  ])('%s', (_, look, goesOn) => {
    expect(keepGoing(look)).toBe(goesOn)
  })
})
