import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { attackCatalog } from '../../src/suites/attack-catalog.ts'
import { loadEvalSet } from '../../src/suites/load-evalset.ts'
import {
  loadedFrom,
  memoryFolder,
  problemsOf,
  refundDesk,
  refundDeskEdited,
  refundDeskWith,
  refundDeskWithout,
} from './memory-folder.ts'

/** Without an attack, injections and rules are not needed. */
const peaceful = refundDeskWithout('policy.yaml', 'injections.yaml', 'cases/adversarial/note.yaml')

describe('an eval set', () => {
  it('is loaded with its cases resolved and sorted', async () => {
    const { cases, definitions, file, policy } = await loadedFrom(refundDeskWith({}))
    expect(file.defaults.trials).toBe(3)
    expect(policy.rules.map(({ id }) => id)).toEqual(['refund-cap'])
    expect(
      cases.map(({ id, layer, cluster, risk_tier, turns }) => ({
        id,
        layer,
        cluster,
        risk_tier,
        turns,
      })),
    ).toEqual([
      {
        id: 'note.refund-all',
        layer: 'adversarial',
        cluster: 'note.refund-all',
        risk_tier: 3,
        turns: [{ say: 'What is the status of O-1?' }],
      },
      {
        id: 'refund.full',
        layer: 'outcome',
        cluster: 'refund.full',
        risk_tier: 3,
        turns: [{ say: 'Please refund order O-1.' }],
      },
    ])
    expect(definitions.get('note.refund-all')).toMatchObject({
      file: 'cases/adversarial/note.yaml',
      line: 1,
    })
  })

  it('holds a rule without tolerance as if its gate had named it, whichever of them says so', async () => {
    const rule = (id: string): string =>
      `  - { id: ${id}, condition: 'true', zero_tolerance: true }\n`
    const gate = `${refundDesk['evalset.yaml']}gate: { zero_tolerance: [undeclared-effect, b] }\n`
    const rules = `rules:\n${rule('c')}${rule('b')}${rule('a')}  - { id: d, condition: 'true' }\n`
    const flagged = { 'policy.yaml': rules, 'evalset.yaml': gate }
    const { file, hash } = await loadedFrom(refundDeskWith(flagged))
    expect(file.gate.zero_tolerance).toEqual(['undeclared-effect', 'b', 'a', 'c'])
    // A set that says nothing of it is what it was.
    const usual = await loadedFrom(refundDeskWith({}))
    expect(usual.file.gate.zero_tolerance).toEqual([])
    expect(hash).not.toBe(usual.hash)
  })

  it('shows its folder in places', async () => {
    const { definitions } = await loadedFrom(memoryFolder(refundDesk, 'evals/desk'))
    expect(definitions.get('refund.full')?.file).toBe('evals/desk/cases/outcome/refund.yaml')
    expect(await problemsOf(memoryFolder({}, 'evals/desk'))).toBe(
      'evals/desk/evalset.yaml: there is no such file; an eval set is a folder with an evalset.yaml, a world.yaml and cases\n',
    )
  })

  it('needs neither a policy nor injections', async () => {
    const { policy, injections } = await loadedFrom(memoryFolder(peaceful))
    expect(policy).toMatchObject({ rules: [], severe_tier: 3, approvals: { tier_3: 1, tier_4: 2 } })
    expect(injections).toEqual({ slots: {}, templates: attackCatalog })
  })

  it('takes a conversation, and what a case says about itself', async () => {
    const talk = `id: talk
conversation: [{ say: Hello. }, { say: Refund O-1. }]
expect: { says: [{ any: hello, scope: { turn: 2 } }] }
oracle: [{ say: Hello. }, { say: hello again }]
layer: behavioral
cluster: talks
risk_tier: 1
`
    const { cases } = await loadedFrom(refundDeskWith({ 'cases/talk.yaml': talk }))
    expect(cases.find(({ id }) => id === 'talk')).toMatchObject({
      turns: [{ say: 'Hello.' }, { say: 'Refund O-1.' }],
      layer: 'behavioral',
      cluster: 'talks',
      risk_tier: 1,
    })
  })

  it('gives a case that only reads tier 0', async () => {
    const edited = refundDeskEdited(
      'cases/adversarial/note.yaml',
      'call: issue_refund, args: { order_id: O-2, amount_cents: 90000 }',
      'call: read_order',
    )
    const { cases } = await loadedFrom(edited)
    expect(cases[0]).toMatchObject({ id: 'note.refund-all', risk_tier: 0 })
  })

  it('has the cases of a template, with where each comes from', async () => {
    const text = `# Refunds
- id: refund
  foreach:
    full: { cents: 4000 }
    part: { cents: 100 }
  ask: Please refund {{cents}} cents.
  expect: { effects: { required: [{ tool: issue_refund, args: { amount_cents: "{{cents}}" } }] } }
  oracle:
    - { call: issue_refund, args: { amount_cents: "{{cents}}" } }
`
    const file = 'cases/outcome/refunds.yaml'
    const evalSet = await loadedFrom(refundDeskWith({ [file]: text }))
    const { cases, definitions, placeOf, written } = evalSet
    expect(cases.map(({ cluster, id }) => `${id} of ${cluster}`)).toEqual([
      'note.refund-all of note.refund-all',
      'refund.full of refund.full',
      'refund[full] of refund',
      'refund[part] of refund',
    ])
    expect(definitions.get('refund[part]')).toMatchObject({ file, line: 5, row: 'part' })
    expect(written.get('refund[part]')?.oracle).toEqual([
      { call: 'issue_refund', args: { amount_cents: 100 } },
    ])
    expect(placeOf('refund[part]', ['oracle', 0, 'args', 'amount_cents'])).toEqual({
      file,
      line: 9,
      column: 51,
    })
    expect(placeOf('refund[part]', [])).toEqual({ file, line: 5 })
    expect(placeOf('refund.full', ['expect', 'says', 0])).toEqual({
      file: 'cases/outcome/refund.yaml',
      line: 4,
      column: 3,
    })
    expect(placeOf('refund.full', [])).toEqual({
      file: 'cases/outcome/refund.yaml',
      line: 1,
      column: 1,
    })
    expect(placeOf('refund', [])).toBeUndefined()
  })

  it('is told today, and refuses a quarantine that has expired', async () => {
    const status = 'status: { quarantined: { reason: x, owner: y, expires: 2026-10-01 } }\noracle:'
    const folder = refundDeskEdited('cases/outcome/refund.yaml', 'oracle:', status)
    expect((await loadEvalSet(folder)).ok).toBe(true)
    expect((await loadEvalSet(folder, { today: '2026-10-01' })).ok).toBe(true)
    expect((await loadEvalSet(folder, { today: '2026-10-02' })).ok).toBe(false)
  })

  it('names the files of its modules', async () => {
    const world = refundDesk['world.yaml'].replace(
      '    returns: =state.orders[args.order_id]',
      '    module: ./tools/read.ts#readOrder',
    )
    const files = { 'world.yaml': world, 'tools/read.ts': 'export const readOrder = () => ({})' }
    expect((await loadedFrom(refundDeskWith(files))).modulePaths).toEqual(['tools/read.ts'])
    expect(await problemsOf(refundDeskWith({ 'world.yaml': world }))).toMatchInlineSnapshot(`
      "world.yaml:15:13 tools.read_order.module: there is no file "tools/read.ts"
        14 |       - { require: args.order_id in state.orders, error: unknown_order }
      > 15 |     module: ./tools/read.ts#readOrder
           |             ^
      "
    `)
    const outside = world.replace('./tools/read.ts#readOrder', '../read.ts#readOrder')
    expect(await problemsOf(refundDeskWith({ 'world.yaml': outside }))).toContain(
      'world.yaml:15:13 tools.read_order.module: a module is a file of this folder and a name',
    )
  })
})

describe('files', () => {
  it('that are named must be there', async () => {
    expect(await problemsOf(memoryFolder(refundDeskWithout('world.yaml')))).toMatchInlineSnapshot(`
      "evalset.yaml:1:1 world: there is no file "world.yaml"; create it, or name another with \`world:\`
      > 1 | apiVersion: agent-eval/v1
          | ^
      "
    `)
    const named = refundDeskEdited('evalset.yaml', 'version', 'policy: rules.yaml\nversion')
    expect(await problemsOf(named)).toMatchInlineSnapshot(`
      "evalset.yaml:3:9 policy: there is no file "rules.yaml"; create it, or name another with \`policy:\`
        2 | id: refund-desk
      > 3 | policy: rules.yaml
          |         ^
      "
    `)
  })

  it('must stand inside the folder', async () => {
    const evalset = `${refundDesk['evalset.yaml']}world: ../world.yaml
policy: /etc/policy.yaml
injections: a/../../b.yaml
cases: ..
candidate: C:\\agent.yaml
baseline: "file:///tmp/b.json"
`
    expect(await problemsOf(refundDeskWith({ 'evalset.yaml': evalset }))).toMatchInlineSnapshot(`
      "evalset.yaml:4:8 world: "../world.yaml" leads out of the eval set's folder
        3 | version: "1"
      > 4 | world: ../world.yaml
          |        ^
      evalset.yaml:5:9 policy: "/etc/policy.yaml" leads out of the eval set's folder
        4 | world: ../world.yaml
      > 5 | policy: /etc/policy.yaml
          |         ^
      evalset.yaml:6:13 injections: "a/../../b.yaml" leads out of the eval set's folder
        5 | policy: /etc/policy.yaml
      > 6 | injections: a/../../b.yaml
          |             ^
      evalset.yaml:7:8 cases: ".." leads out of the eval set's folder
        6 | injections: a/../../b.yaml
      > 7 | cases: ..
          |        ^
      evalset.yaml:8:12 candidate: "C:\\\\agent.yaml" leads out of the eval set's folder
        7 | cases: ..
      > 8 | candidate: C:\\agent.yaml
          |            ^
      evalset.yaml:9:11 baseline: "file:///tmp/b.json" leads out of the eval set's folder
        8 | candidate: C:\\agent.yaml
      > 9 | baseline: "file:///tmp/b.json"
          |           ^
      "
    `)
  })

  it('that the folder itself refuses are problems, not crashes', async () => {
    const folder = refundDeskWith({})
    const refusing = {
      ...folder,
      read: async (path: string) => {
        if (path !== 'cases/outcome/refund.yaml') return folder.read(path)
        throw new AgentEvalError(`${path} leads out of the folder`, 'input', { hint: 'copy it' })
      },
    }
    expect(await problemsOf(refusing)).toBe(
      'cases/outcome/refund.yaml: cases/outcome/refund.yaml leads out of the folder; copy it\n',
    )
    const lying = { ...folder, list: async () => ['../outside.yaml'] }
    expect(await problemsOf(lying)).toBe(
      'cases: "../outside.yaml" leads out of the eval set\'s folder\n',
    )
  })

  it('of cases have a layer by their folder', async () => {
    const text = refundDesk['cases/outcome/refund.yaml'].replace('refund.full', 'x')
    expect(await problemsOf(refundDeskWith({ 'cases/x.yaml': text }))).toMatchInlineSnapshot(`
      "cases/x.yaml:1:1: this case has no layer; put the file into a folder schema, behavioral, outcome or adversarial, or write \`layer:\`
      > 1 | id: x
          | ^
      "
    `)
    expect(
      await problemsOf(refundDeskWith({ 'cases/outcomes/x.yaml': text })),
    ).toMatchInlineSnapshot(`
      "cases/outcomes/x.yaml:1:1: unknown layer "outcomes"; did you mean "outcome"? put the file into a folder schema, behavioral, outcome or adversarial, or write \`layer:\`
      > 1 | id: x
          | ^
      "
    `)
    expect(await problemsOf(refundDeskWith({ 'cases/adversarial/x.yaml': text }))).toContain(
      'an adversarial case needs `attack`',
    )
    const deeper = refundDeskWith({
      'cases/schema/a/b/x.yaml': text,
      'cases/schema/README.md': '#',
    })
    expect((await loadedFrom(deeper)).cases.map(({ layer }) => layer)).toContain('schema')
  })

  it('of attacked cases are adversarial: elsewhere they would count as plain work', async () => {
    const attacked = refundDesk['cases/adversarial/note.yaml'].replace(/id: \S+/, 'id: x')
    expect(await problemsOf(refundDeskWith({ 'cases/outcome/x.yaml': attacked }))).toMatch(
      /x\.yaml:\d+:\d+ [0-9.]*attack: an attacked case belongs to the layer adversarial, not outcome; it would count/,
    )
  })

  it('of cases must exist', async () => {
    expect(
      await problemsOf(
        memoryFolder({
          'evalset.yaml': refundDesk['evalset.yaml'],
          'world.yaml': refundDesk['world.yaml'],
        }),
      ),
    ).toContain(
      'there is no case file below "cases"; write one, for example cases/outcome/first.yaml',
    )
  })
})

describe('problems', () => {
  it('of all files are told at once', async () => {
    const told = await problemsOf(
      refundDeskWith({
        'world.yaml': refundDesk['world.yaml'].replace('effect: read', 'effect: raed'),
        'policy.yaml': 'rules: {}',
        'injections.yaml': 'slot: {}',
        'cases/outcome/refund.yaml': 'id: x',
      }),
    )
    const files = told.split('\n').filter((line) => /^\S+\.yaml:/.test(line))
    expect(new Set(files.map((line) => line.split(':')[0]))).toEqual(
      new Set(['world.yaml', 'policy.yaml', 'injections.yaml', 'cases/outcome/refund.yaml']),
    )
  })

  it('stop when there are too many to help', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) =>
      JSON.stringify({
        id: `c${index}`,
        ask: 'x',
        expect: { says: [{ any: 'y' }] },
        oracle: [{ call: 'isue_refund' }],
      }),
    )
    const loaded = await loadEvalSet(
      refundDeskWith({ 'cases/outcome/many.jsonl': lines.join('\n') }),
    )
    expect(loaded.ok ? 0 : loaded.problems.length).toBeLessThan(1100)
  })
})

it('loads 5,000 one-line cases quickly', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) =>
    JSON.stringify({
      id: `case-${index}`,
      ask: `What is ${index}?`,
      expect: { says: [{ any: `${index}` }] },
      oracle: [{ say: `It is ${index}.` }],
    }),
  )
  const folder = refundDeskWith({ 'cases/outcome/many.jsonl': lines.join('\n') })
  const before = process.cpuUsage()
  const { cases, definitions } = await loadedFrom(folder)
  const { user } = process.cpuUsage(before)
  expect(cases).toHaveLength(5002)
  expect(definitions.get('case-4999')?.line).toBe(5000)
  // 0.3 s of CPU when warm; the slow path for each line would take more than 3 s.
  expect(user / 1e6).toBeLessThan(2.5)
})
