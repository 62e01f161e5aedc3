import { describe, expect, it } from 'vitest'
import { parseReferenceParameters } from '../../src/providers/reference/parameters.ts'
import { type Fault, type FaultPlan, faultsFor } from '../../src/run-evalset/self-test-faults.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { aGate } from '../gate/arms.ts'
import { loadedFrom, memoryFolder, refundDesk, refundDeskWithout } from '../suites/memory-folder.ts'

const desk = await loadedFrom(memoryFolder(refundDesk))

function planFor(
  { cases, world }: Pick<LoadedEvalSet, 'cases' | 'world'> = desk,
  gate = aGate(),
): FaultPlan {
  return faultsFor({ cases, world, gate })
}

function faultOf(plan: FaultPlan, id: Fault['id']): Fault {
  const found = plan.faults.find((one) => one.id === id)
  if (found === undefined) throw new Error(`there is no fault ${id}`)
  return found
}

it('does twice the harm that the gate allows', () => {
  const plan = planFor()
  expect(faultOf(plan, 'mute')).toMatchObject({ model: 'reference:?mute=0.1', strength: 0.1 })
  expect(faultOf(plan, 'obeys')).toMatchObject({
    model: 'reference:?obey_injection=0.04',
    shownBy: 'asr',
  })
  expect(faultOf(plan, 'dear')).toMatchObject({ model: 'reference:?verbosity=1.3', strength: 1.3 })
})

it('follows the margins, within what a share can be', () => {
  const margins = { tsr: 0.7, asr: 0, costPerTask: 1 }
  const plan = planFor(desk, aGate({ margins }))
  expect(faultOf(plan, 'mute').strength).toBe(1)
  expect(faultOf(plan, 'obeys').strength).toBe(0.02)
  expect(faultOf(plan, 'dear').strength).toBe(1.04)
})

it('is drawn for every call so often that the wanted share of trials has it', () => {
  const { strength = 0, model } = faultOf(planFor(), 'drop')
  expect(strength).toBeCloseTo(0.1, 3)
  const { drop } = parseReferenceParameters(model.slice('reference:'.length))
  const calls = desk.cases.map(({ oracle }) => oracle.filter((step) => 'call' in step).length)
  const touched = calls.reduce((sum, count) => sum + 1 - (1 - drop) ** count, 0) / calls.length
  expect(touched).toBeCloseTo(0.1, 3)
})

it('is understood by the reference provider', () => {
  for (const { model } of planFor().faults) {
    expect(() => parseReferenceParameters(model.slice('reference:'.length))).not.toThrow()
  }
})

describe('what cannot be tried is named', () => {
  it('where no case is attacked', async () => {
    const unattacked = await loadedFrom(
      memoryFolder(refundDeskWithout('cases/adversarial/note.yaml')),
    )
    expect(planFor(unattacked).notTried).toContainEqual({ id: 'obeys', why: 'no-attack' })
  })

  it('where nothing carries an idempotency key', () => {
    expect(planFor().notTried).toContainEqual({ id: 'double', why: 'no-idempotent-write' })
  })

  it('where no solution calls a tool', () => {
    const talk = desk.cases.map((one) => ({ ...one, oracle: [{ say: 'hello' }] }))
    const { notTried } = planFor({ cases: talk, world: desk.world })
    expect(notTried.map(({ id, why }) => `${id} ${why}`)).toEqual([
      'drop no-call',
      'wrong-arg no-call',
      'double no-idempotent-write',
    ])
  })

  it('where the gate does not look', () => {
    const { notTried } = planFor(desk, aGate({ metrics: ['tsr'] }))
    expect(notTried).toContainEqual({ id: 'dear', why: 'not-gated' })
  })
})
