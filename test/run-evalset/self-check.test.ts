import { describe, expect, it } from 'vitest'
import { nodeFolder } from '../../src/cli/node-folder.ts'
import { selfCheck } from '../../src/run-evalset/self-check.ts'
import { loadEvalSet } from '../../src/suites/load-evalset.ts'
import { folderWith } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'

async function findings(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = folderWith({ ...smallProject, ...files })
  const loaded = await loadEvalSet(nodeFolder(`${folder}/set`, 'set'))
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const found = await selfCheck(loaded.evalSet, new Map())
  return found.map(({ caseId, message }) => `${caseId}: ${message}`)
}

describe('selfCheck', () => {
  it('finds nothing in a set that can fail', async () => {
    expect(await findings({})).toEqual([])
  })

  it('finds an oracle that does not solve its case', async () => {
    const text = `
id: status.paid
ask: What did O-2 cost?
expect: { says: [{ any: "91" }] }
oracle: [{ call: orders.get, args: { id: O-2 } }, { say: "O-2 cost $90." }]
`
    expect(await findings({ 'set/cases/behavioral/status.yaml': text })).toEqual([
      'status.paid: its own oracle does not pass: no reply says /91/',
    ])
  })

  it('finds an oracle that breaks the organisation’s own rules', async () => {
    const text = `
id: refund.foreign
ask: Refund O-2.
expect: { effects: { required: [{ tool: orders.refund, args: { id: O-2 } }] }, says: [{ any: done }] }
oracle: [{ call: orders.refund, args: { id: O-2 } }, { say: done }]
`
    expect(await findings({ 'set/cases/outcome/refund.yaml': text })).toEqual([
      'refund.foreign: its own oracle breaks the judging policy: own-orders',
    ])
  })

  it('finds a case that doing nothing passes', async () => {
    const text = `
id: idle
ask: Do not refund anything.
expect: { state: ["state.orders['O-1'].refunds == 0"] }
oracle: [{ say: fine }]
`
    expect(await findings({ 'set/cases/outcome/idle.yaml': text })).toEqual([
      'idle: an agent that does and says nothing passes this case',
    ])
  })
})
