import { tells } from '../../graders/says/tells.ts'
import type { EvalCase } from '../../schema/case.ts'
import { replaceNumber } from '../checks/loose-numbers.ts'
import { type ToldBy, toldBy } from '../checks/told-by.ts'
import { type ConcreteStep, type ConcreteWords, isConcreteCall } from '../concrete-oracle.ts'
import { scalarsIn } from '../json-walk.ts'
import { leavesOf } from '../leaves.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { Mutant, MutantKind } from './mutant.ts'
import { otherRecords } from './other-records.ts'

/**
 * Does everything and tells one number or date wrong that it knows from a result or an effect.
 *
 * Numbers of the user's own words are left out, and those that only name what a call is about: to
 * say a wrong order in passing is not worth a finding.
 */
export const misstate: MutantKind = {
  id: 'misstate',
  mutate(subject) {
    const heard = heardIn(subject.evalCase)
    const ids = idsOf(subject)
    return subject.steps.flatMap((step, index) => {
      if (isConcreteCall(step)) return []
      const before = subject.steps.slice(0, index)
      // Where a number is from takes a look through all results, so it is asked last.
      const numbers = [...new Set([...step.step.say.matchAll(written)].map(([number]) => number))]
      const own = numbers.filter((number) => !ids.has(number) && !isHeard(heard, number))
      return knownNumbers(own, before).map((known, nth) =>
        mutantWith(subject.steps, step, { ...known, nth: nth + 1 }),
      )
    })
  },
}

/** A number of the words as written, and the call that it is from. */
interface KnownNumber {
  readonly number: string
  readonly told: ToldBy
}

/** Dates, and numbers that are no part of a longer word, each with its currency. */
const written =
  /(?<![\p{L}\p{N}]|[\p{L}\p{N}][-_.,:/])(?:\d{4}-\d\d-\d\d|\d+(?:[.,]\d+)*)(?![\p{N}_]|[-.,:/]\p{N}|\p{L}[\p{L}\p{N}-]*\p{N})/gu

function knownNumbers(
  numbers: readonly string[],
  before: readonly ConcreteStep[],
): readonly KnownNumber[] {
  const calls = before.filter(isConcreteCall).map(({ view }) => view)
  return numbers.flatMap((number) => {
    const told = toldBy(calls, number)
    return told === undefined ? [] : [{ number, told }]
  })
}

function mutantWith(
  steps: readonly ConcreteStep[],
  step: ConcreteWords,
  { nth, number, told }: KnownNumber & { readonly nth: number },
): Mutant {
  const { say } = step.step
  const instead = { say: replaceNumber(say, number, otherThan(number)) }
  const sign = currencyBefore(say, number)
  return {
    name: `misstate:${step.number}.${nth}`,
    path: ['oracle', step.number - 1],
    does: `says ${sign}${otherThan(number)} instead of ${sign}${number}`,
    hint: `compare it with the call, says: [{ ${told.key}: { tool: ${told.tool}, value: ${told.value} } }], or ask for it by a pattern: \\b${number.replaceAll('.', '\\.')}\\b`,
    steps: steps.map((one) => (one === step ? instead : one.step)),
    misspeaks: { said: say, instead: instead.say },
  }
}

function currencyBefore(say: string, number: string): string {
  const before = say.charAt(say.indexOf(number) - 1)
  return /\p{Sc}/u.test(before) ? before : ''
}

/** A year later, the version after it, or a hundred times as much, as by mistaking cents for dollars. */
function otherThan(number: string): string {
  const [year = '', ...day] = number.split('-')
  if (day.length > 0) return [String(Number(year) + 1).padStart(4, '0'), ...day].join('-')
  if (/^\d+(?:\.\d{1,2}){2,}$/.test(number)) {
    return number.replace(/\d+$/, (last) => String(Number(last) + 1))
  }
  const fraction = /[.,]\d{1,2}$/.exec(number)?.[0] ?? ''
  const whole = number.slice(0, number.length - fraction.length).replaceAll(/[.,]/g, '')
  const digits = whole + fraction.slice(1).padEnd(2, '0')
  const more = Number(digits) === 0 ? `7${digits}` : digits.replace(/^0+/, '')
  if (fraction === '') return more
  const group = fraction.startsWith(',') ? '.' : ','
  return more.replaceAll(/\B(?=(?:\d{3})+$)/g, group) + fraction.replaceAll(/\d/g, '0')
}

/** Everything that the agent has from its user. */
function heardIn({ fallback = '', input = {}, turns, user }: EvalCase): string {
  const words = turns.map(({ say }) => say)
  const given = [...scalarsIn(input), ...scalarsIn(user?.knows ?? {})].map(({ value }) => value)
  return [...words, user?.opening ?? '', user?.goal ?? '', fallback, ...given].join('\n')
}

function isHeard(heard: string, number: string): boolean {
  return tells(heard, number) || (/^\d+$/.test(number) && tells(heard, Number(number)))
}

/** Numbers by which the calls name what they are about. */
function idsOf({ records, steps }: LintSubject): ReadonlySet<string> {
  const leaves = steps.filter(isConcreteCall).flatMap(({ step }) => leavesOf(step.args, undefined))
  const ids = leaves.filter(({ value }) =>
    typeof value === 'string' ? /^\d+$/.test(value) : otherRecords({ value }, records).length > 0,
  )
  return new Set(ids.map(({ value }) => String(value)))
}
