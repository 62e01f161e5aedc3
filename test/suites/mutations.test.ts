import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { loadEvalSet } from '../../src/suites/load-evalset.ts'
import { readSource } from '../../src/suites/source.ts'
import { type RefundDeskFile, refundDesk, refundDeskWith } from './memory-folder.ts'

type Steps = readonly (string | number)[]

function stepsIn(value: JsonValue, base: Steps = []): readonly Steps[] {
  if (typeof value !== 'object' || value === null) return [base]
  const isList = Array.isArray(value)
  const members = Object.entries<JsonValue>(value)
  return [
    base,
    ...members.flatMap(([key, member]) => stepsIn(member, [...base, isList ? Number(key) : key])),
  ]
}

/** The value with what stands at a place replaced, removed or under another name. */
function mutate(value: JsonValue, [step, ...rest]: Steps, change: Change): JsonValue {
  if (step === undefined) return change.kind === 'replace' ? change.value : value
  const members = Object.entries<JsonValue>(value as JsonObject).flatMap(([key, member]) => {
    if (key !== String(step)) return [[key, member] as const]
    if (rest.length > 0) return [[key, mutate(member, rest, change)] as const]
    if (change.kind === 'remove') return []
    return [
      change.kind === 'rename' ? ([`${key}x`, member] as const) : ([key, change.value] as const),
    ]
  })
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members)
}

type Change = { kind: 'replace'; value: JsonValue } | { kind: 'remove' } | { kind: 'rename' }

const odd = fc.constantFrom<JsonValue>(
  ...[
    null,
    true,
    -1,
    0,
    1.5,
    1e300,
    '',
    'x',
    '=',
    '=(',
    '==',
    '/',
    '/a/b',
    '$9.x',
    '{$9}',
    '(',
    'constructor',
  ],
  ...[
    [],
    {},
    [[]],
    [{}],
    { x: 1 },
    [null],
    { min: -1 },
    { turn: 1 },
    'a'.repeat(200),
    '/{',
    '/{"',
    '..',
    'state.',
  ],
)

const changes = fc.oneof(
  odd.map((value): Change => ({ kind: 'replace', value })),
  fc.constant<Change>({ kind: 'remove' }),
  fc.constant<Change>({ kind: 'rename' }),
)

const mutations = fc
  .constantFrom(...(Object.keys(refundDesk) as RefundDeskFile[]))
  .chain((file) => {
    const read = readSource({ text: refundDesk[file], file })
    if (!read.ok) throw new Error(file)
    const { value } = read.value
    return fc
      .record({ steps: fc.constantFrom(...stepsIn(value)), change: changes })
      .map(({ steps, change }) => [file, mutate(value, steps, change)] as const)
  })

it('loads any mutation of an eval set, or says where it is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(mutations, fc.boolean(), async ([file, value], indented) => {
      const text = `${indented ? '# as YAML\n' : ''}${JSON.stringify(value, null, indented ? 2 : 0)}`
      const loaded = await loadEvalSet(refundDeskWith({ [file]: text }))
      if (loaded.ok) return
      expect(loaded.problems.length).toBeGreaterThan(0)
      for (const problem of loaded.problems) {
        expect(problem.message).not.toBe('')
        expect(problem.message).not.toMatch(/undefined|\[object|Invalid input/)
        expect(problem.line).toBeGreaterThan(0)
      }
    }),
    { numRuns: 250 },
  )
})
