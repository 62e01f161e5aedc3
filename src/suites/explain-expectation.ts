import type { Expectation } from '../schema/expect.ts'
import type { JsonValue } from '../schema/json.ts'
import { type ExplainedValue, orDefault, written } from './explained-value.ts'

interface Default {
  readonly is: JsonValue
  readonly why: string
}

/** Defaults inside the entries of the lists of `expect`. */
const callCount: Default = { is: { min: 1 }, why: 'at least once' }
const effectCount: Default = { is: 1, why: 'exactly once' }
const effectMax: Default = { is: 1, why: 'at most once' }
const anyReply: Default = { is: 'any', why: 'in any reply' }

/** What a trial is judged by, each list with the defaults of its entries. */
export function explainExpectation(expect: Expectation): readonly ExplainedValue[] {
  const { calls, effects, evidence, explained, fallback, judge, route, says, schema, state } =
    expect
  return [
    ...explainSchema(schema),
    ...listed('calls', calls, ({ count }, key) => [orDefault(`${key}.count`, count, callCount)]),
    ...explainEffects(effects),
    ...listed('state', state),
    ...listed('says', says, ({ scope }, key) => [orDefault(`${key}.scope`, scope, anyReply)]),
    ...listed('evidence', evidence),
    ...listed('judge', judge),
    ...(route === undefined ? [] : [written('expect.route', route)]),
    ...(explained === undefined
      ? []
      : [
          orDefault('expect.explained.min_length', explained.min_length, {
            is: 10,
            why: 'characters of the reason for each write',
          }),
        ]),
    ...(fallback === undefined ? [] : [written('expect.fallback', fallback)]),
  ]
}

function explainSchema(schema: Expectation['schema']): readonly ExplainedValue[] {
  if (schema === undefined) return []
  const { max_errors, reply } = schema
  return [
    orDefault('expect.schema.max_errors', max_errors, { is: 0, why: 'every call fits its tool' }),
    ...(reply === undefined ? [] : [written('expect.schema.reply', reply)]),
  ]
}

function explainEffects(effects: Expectation['effects']): readonly ExplainedValue[] {
  if (effects === undefined) {
    const why = 'reads are open and writes are closed: any write fails the trial'
    return [
      orDefault(
        'expect.effects',
        { required: [], allowed: [] },
        { is: { required: [], allowed: [] }, why },
      ),
    ]
  }
  return [
    ...listed('effects.required', effects.required, ({ count }, key) => [
      orDefault(`${key}.count`, count, effectCount),
    ]),
    ...listed('effects.allowed', effects.allowed, ({ max }, key) => [
      orDefault(`${key}.max`, max, effectMax),
    ]),
  ]
}

/** The entries of a list, each followed by the defaults inside it. */
function listed<T>(
  name: string,
  entries: readonly T[] = [],
  inside: (entry: T, key: string) => readonly ExplainedValue[] = () => [],
): readonly ExplainedValue[] {
  return entries.flatMap((entry, index) => {
    const key = `expect.${name}.${index}`
    return [written(key, entry), ...inside(entry, key)]
  })
}
