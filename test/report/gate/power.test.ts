import { describe, expect, it } from 'vitest'
import { gateReporters } from '../../../src/report/gate/registry.ts'
import { type GatePower, gatePower } from '../../../src/schema/gate-check.ts'
import { aGatePower } from '../../builders/gate-check.ts'

const context = { evalSetName: 'evalsets/support', commandPrefix: 'npx agent-eval' }

function render(document: GatePower, format = 'terminal'): string {
  return gateReporters.power.get(format)?.render(document, context) ?? ''
}

/** Whatever the width. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

it('shows what each number of trials would find, cost and take', () => {
  expect(render(aGatePower())).toMatchInlineSnapshot(`
    "5 trials of each case: enough. Drops from 5.8 points on are found in tasks done
      in four of five runs, and an unchanged agent passes 84 % of the time.
      support: 24 cases, planned from support/baseline.json with 15 trials of each

      smallest drop in points that is found four times out of five
      trials of each case      1     5*  allowed  needs
      tasks done            13.0    5.8      5.0      4
      rules broken           6.9    1.6      1.0      9
        could hide unseen    7.0    1.7
      unchanged passes      20 %   84 %
      cost                 $0.42  $2.10
      time                    1m     3m

      * as set or asked for. "needs" is for an unchanged agent to pass four times
        out of five. Chances are normal approximations.
      Could hide unseen: so much worse could it be without one event being seen
        (unproven).
      Cost and time are what they were in the baseline, with 4 benign twins and 8
        trials at once.
      Not planned for, because a baseline holds no spread of it: cost per task. gate
        aa measures it.

      run it  npx agent-eval run evalsets/support -n 5
    "
  `)
})

describe('too few trials', () => {
  it('are called so, with the number that would do', () => {
    const text = render(aGatePower({ trials: 1 }))
    expect(flat(text)).toContain(
      '1 trial of each case: too few, an unchanged agent passes 20 % of the time. About 9 would do;',
    )
    expect(text).toContain('run it  npx agent-eval run evalsets/support -n 5\n')
  })

  it('of a baseline are named by metric', () => {
    const metrics = aGatePower().metrics
    delete metrics[0]?.trialsNeeded
    const text = render(aGatePower({ metrics }))
    expect(flat(text)).toContain('The baseline itself needs more trials for tasks done.')
  })
})

describe('what the plan rests on', () => {
  it('is an assumption without a baseline, and how to make one', () => {
    const basis = { kind: 'assumption', tsr: 0.74, baselineFactor: 3 } as const
    const plans = [1, 5].map((trials) => ({ trials, passChance: 0.84 }))
    const text = render(aGatePower({ basis, plans }))
    expect(flat(text)).toContain('no baseline, so this is assumed: 74.0 % of tasks done')
    expect(flat(text)).toContain('What it costs and how long it takes is not known.')
    expect(text).toContain('npx agent-eval run evalsets/support --no-gate -n 15\n')
    expect(text).toContain('npx agent-eval baseline update --evalset evalsets/support\n')
  })

  it('is less where the baseline does not know all cases', () => {
    const basis = { ...aGatePower().basis, missing: 3 } as GatePower['basis']
    const text = render(aGatePower({ basis, unpriced: 4 }))
    expect(flat(text)).toContain('3 cases not in it as they are now')
    expect(flat(text)).toContain('4 cases without a known price not included')
  })

  it('is nothing where it knows none', () => {
    const basis = { ...aGatePower().basis, cases: 0, missing: 24 } as GatePower['basis']
    const plans = [{ trials: 5 }]
    expect(flat(render(aGatePower({ basis, metrics: [], plans })))).toMatch(
      /^support\/baseline\.json holds none of these cases as they are now: make it anew/,
    )
  })

  it('is what the reference provider declares, where nothing else was measured', () => {
    const basis = { ...aGatePower().basis, behind: 'reference' } as GatePower['basis']
    expect(flat(render(aGatePower({ basis })))).toContain(
      'what the reference provider declares (it is free itself)',
    )
  })
})

it('says that more cases help where they are the unit', () => {
  expect(flat(render(aGatePower({ unit: 'case' })))).toContain('only more cases help')
})

it('lets no foreign text into the terminal', () => {
  const basis = { ...aGatePower().basis, from: 'a\u001b[2J\nb' } as GatePower['basis']
  const text = render(aGatePower({ basis }))
  expect(text).not.toContain('\u001b')
  expect(flat(text)).toContain('planned from a b with')
})

it('is its document as JSON', () => {
  expect(gatePower.parse(JSON.parse(render(aGatePower(), 'json')))).toEqual(aGatePower())
})
