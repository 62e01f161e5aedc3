import { describeValue } from '../../graders/describe.ts'
import { wasHandedOver } from '../../graders/trial-view.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { type ConcreteCall, isConcreteCall } from '../concrete-oracle.ts'
import { type Leaf, leavesOf, withLeaf } from '../leaves.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { Prospect } from '../probe.ts'
import { isGranted } from './granted.ts'
import type { Mutant, MutantKind } from './mutant.ts'
import { otherRecords, recordTemptations } from './other-records.ts'
import { type Temptation, temptations } from './other-values.ts'

/** Values of one temptation that are tried until one is found with which the call still does something. */
const mostTried = 4

/**
 * Passes other values of the same type: the other entries of an enum, a little less and far more,
 * another postcode. Ids of records are for `redirect`.
 */
export const change: MutantKind = {
  id: 'change',
  mutate: (subject) => changeEach(subject, 'change', (leaf) => changesOf(leaf, subject)),
}

/** Passes the ids of other records of the same collection, the most alike first. */
export const redirect: MutantKind = {
  id: 'redirect',
  mutate: (subject) =>
    changeEach(subject, 'redirect', (leaf) => ({
      temptations: recordTemptations(leaf, subject.records),
    })),
}

/** What is tried in place of one argument. */
interface Others {
  readonly temptations: readonly Temptation[]
  /** Whether a value with which the call does nothing is no mutant either. */
  readonly mustWork?: boolean
}

/** A number that names a record may be just a number: then others do as well that name none. */
function changesOf(leaf: Leaf, { records }: LintSubject): Others {
  const ids = new Set<JsonValue>(otherRecords(leaf, records))
  if (ids.size === 0) return { temptations: temptations(leaf, records) }
  if (typeof leaf.value !== 'number') return { temptations: [] }
  const isNoRecord = (value: JsonValue): boolean => !ids.has(value)
  const others = temptations(leaf, records).map((values) => [...values].filter(isNoRecord))
  return { temptations: others, mustWork: true }
}

function changeEach(
  subject: LintSubject,
  kind: string,
  others: (leaf: Leaf) => Others,
): readonly Mutant[] {
  return subject.steps.filter(isConcreteCall).flatMap((step) => {
    const tool = subject.tools[step.step.call]
    return leavesOf(step.step.args, tool?.input)
      .filter(({ path }) => path[0] !== tool?.idempotency)
      .flatMap((leaf) =>
        changesThatWork(subject, { step, leaf, ...others(leaf) }).map((changed) =>
          mutantWith(subject, { kind, step, leaf, ...changed }),
        ),
      )
  })
}

interface Changed {
  readonly value: JsonValue
  readonly args: JsonObject
  readonly prospect?: Prospect
}

interface Attempt extends Others {
  readonly step: ConcreteCall
  readonly leaf: Leaf
}

/**
 * Of each temptation the first value with which the call still does what it did. Where there is
 * none at all, the first that the tool takes: such a mutant is caught easily, because its call comes
 * to nothing.
 */
function changesThatWork(subject: LintSubject, attempt: Attempt): readonly Changed[] {
  const { leaf, mustWork = false, step } = attempt
  const cameToNothing = hasFailed(step)
  const working = new Map<JsonValue, Changed>()
  let first: Changed | undefined
  for (const values of attempt.temptations) {
    const found = firstThatWorks(subject, { step, leaf, values }, cameToNothing)
    first ??= found.first
    if (found.working !== undefined) working.set(found.working.value, found.working)
    if (cameToNothing && first !== undefined) break
  }
  if (working.size > 0) return [...working.values()]
  return first === undefined || mustWork ? [] : [first]
}

/** Waiting for a person is no failure: what was asked for counts. */
function hasFailed({ view }: ConcreteCall): boolean {
  return view.status !== 'ok' && !wasHandedOver(view)
}

function firstThatWorks(
  subject: LintSubject,
  { leaf, step, values }: Omit<Attempt, keyof Others> & { readonly values: Temptation },
  cameToNothing: boolean,
): { readonly first?: Changed; readonly working?: Changed } {
  let first: Changed | undefined
  let tried = 0
  for (const value of values) {
    const changed = { value, args: withLeaf(step.step.args, leaf.path, value) }
    if (!isWorthTrying(subject, step, { ...changed, argument: leaf.path[0] ?? '' })) continue
    first ??= changed
    if (cameToNothing) break
    const prospect = subject.probe.insteadOf(step, changed.args)
    if (prospect !== 'fails') return { first, working: { ...changed, prospect } }
    tried += 1
    if (tried === mostTried) break
  }
  return first === undefined ? {} : { first }
}

function isWorthTrying(
  { evalCase, world }: LintSubject,
  { step: { call: tool } }: ConcreteCall,
  { args, argument }: Changed & { readonly argument: string },
): boolean {
  if (isGranted(evalCase.expect, { tool, argument, args })) return false
  return world.tools.get(tool)?.input(args).length === 0
}

function mutantWith(
  { steps }: LintSubject,
  {
    args,
    kind,
    leaf,
    prospect,
    step,
    value,
  }: Changed & Pick<Attempt, 'leaf' | 'step'> & { readonly kind: string },
): Mutant {
  const tool = step.step.call
  const argument = leaf.path.join('.')
  const instead = { ...step.step, args }
  return {
    name: `${kind}:${step.number}.${argument}`,
    path: ['oracle', step.number - 1, 'args', ...leaf.path],
    does: `passes ${argument} ${describeValue(value)} instead of ${describeValue(leaf.value)} to ${tool}`,
    hint: `name the argument where ${tool} is expected: args: { ${leaf.path[0] ?? ''}: … }`,
    steps: steps.map((one) => (one === step ? instead : one.step)),
    ...(prospect === 'works' && { makes: { call: instead, after: step.number - 1 } }),
  }
}
