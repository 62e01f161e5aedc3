import type { EvalCase } from '../../schema/case.ts'
import type { JsonValue } from '../../schema/json.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'

/**
 * A criterion that decides nothing: with it and without it the same trials pass. It reads as if it
 * guarded something, and whoever relies on it is wrong.
 */
export const expectationDead: LintCheck = {
  id: 'expectation-dead',

  check(subject) {
    const found = [
      ...anyNumberOfCalls(subject.evalCase),
      ...allowedReads(subject),
      ...orderBeforeNothing(subject),
      ...saidTwice(subject.evalCase),
      ...reasonsForNoWrite(subject),
    ]
    return found.map((each) => ({ ...each, level: 'warning' }))
  },
}

type DeadCriterion = Omit<CheckFinding, 'level'>

function anyNumberOfCalls({ expect: { calls = [] } }: EvalCase): readonly DeadCriterion[] {
  return calls.flatMap(({ before, count, tool }, index) => {
    const isOpen = typeof count === 'object' && (count.min ?? 0) === 0 && count.max === undefined
    if (!isOpen || before !== undefined) return []
    return [
      {
        path: ['expect', 'calls', index, 'count'],
        message: `${tool} may be called any number of times, so this never fails`,
        hint: 'write count: { min: 1 }, a maximum, or before: TOOL; or remove it',
      },
    ]
  })
}

function allowedReads({ evalCase, evalSet }: CheckedCase): readonly DeadCriterion[] {
  const allowed = evalCase.expect.effects?.allowed ?? []
  return allowed.flatMap(({ tool }, index) =>
    evalSet.world.tools[tool]?.effect === 'read'
      ? [
          {
            path: ['expect', 'effects', 'allowed', index, 'tool'],
            message: `${tool} only reads, and reads are always allowed`,
            hint: 'remove it',
          },
        ]
      : [],
  )
}

/**
 * `before` a tool that nobody may use here. Whoever uses it fails for that alone; the order is
 * never looked at. Reads are open, so an order before a read always means something.
 */
function orderBeforeNothing({ evalCase, evalSet }: CheckedCase): readonly DeadCriterion[] {
  const { calls = [], effects, evidence = [] } = evalCase.expect
  const solutions = [evalCase.oracle, ...(evalCase.equivalents ?? [])].flat()
  const used = new Set([
    ...solutions.flatMap((step) => ('call' in step ? [step.call] : [])),
    ...[...(effects?.required ?? []), ...(effects?.allowed ?? [])].map(({ tool }) => tool),
  ])
  const ordered = [
    ...calls.map(({ before }, index) => ({ before, path: ['expect', 'calls', index, 'before'] })),
    ...evidence.map(({ before }, index) => ({
      before,
      path: ['expect', 'evidence', index, 'before'],
    })),
  ]
  return ordered.flatMap(({ before, path }) => {
    if (before === undefined || used.has(before)) return []
    if (evalSet.world.tools[before]?.effect === 'read') return []
    return [
      {
        path,
        message: `${before} is in no solution and may not take effect here, so nothing comes before it`,
        hint: 'remove `before`: evidence then counts up to the last reply',
      },
    ]
  })
}

function saidTwice({ expect }: EvalCase): readonly DeadCriterion[] {
  const lists: readonly (readonly [CheckFinding['path'], readonly object[] | readonly string[]])[] =
    [
      [['expect', 'calls'], expect.calls ?? []],
      [['expect', 'effects', 'required'], expect.effects?.required ?? []],
      [['expect', 'state'], (expect.state ?? []) as readonly object[]],
      [['expect', 'says'], expect.says ?? []],
      [['expect', 'evidence'], expect.evidence ?? []],
    ]
  return lists.flatMap(([path, criteria]) => {
    const texts = criteria.map((criterion) => canonicalJson(criterion as JsonValue))
    return texts.flatMap((text, index) => {
      const first = texts.indexOf(text)
      if (first === index) return []
      return [
        {
          path: [...path, index],
          message: `the same stands at ${path.join('.')}.${first} already`,
          hint: 'remove one of the two',
        },
      ]
    })
  })
}

function reasonsForNoWrite({ evalCase, oracle }: CheckedCase): readonly DeadCriterion[] {
  const { effects, explained } = evalCase.expect
  if (explained === undefined) return []
  const isWritten = oracle.view.calls.some(
    ({ effect }) => effect === 'write' || effect === 'external',
  )
  const isDeclared = (effects?.required.length ?? 0) + (effects?.allowed.length ?? 0) > 0
  if (isWritten || isDeclared) return []
  return [
    {
      path: ['expect', 'explained'],
      message: 'a reason is asked for each write, and the right solution writes nothing',
      hint: 'remove it',
    },
  ]
}
