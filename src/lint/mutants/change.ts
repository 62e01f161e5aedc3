import { describeValue } from '../../graders/describe.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { type ConcreteCall, isConcreteCall } from '../concrete-oracle.ts'
import { type Leaf, leavesOf, withLeaf } from '../leaves.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { Prospect } from '../probe.ts'
import { isGranted } from './granted.ts'
import type { Mutant, MutantKind } from './mutant.ts'
import { otherValues } from './other-values.ts'

/** Values tried until one is found with which the call still does something. */
const mostTried = 4

/**
 * Passes another value of the same type: the next entry of an enum, a little less, another
 * postcode. Ids of records are for `redirect`.
 */
export const change: MutantKind = {
  id: 'change',
  mutate: (subject) =>
    changeEach(subject, 'change', (leaf) =>
      otherRecords(leaf, subject).length > 0 ? [] : otherValues(leaf, subject.records),
    ),
}

/** Passes the id of another record of the same collection, the most alike first. */
export const redirect: MutantKind = {
  id: 'redirect',
  mutate: (subject) => changeEach(subject, 'redirect', (leaf) => otherRecords(leaf, subject)),
}

function otherRecords({ value }: Leaf, { records }: LintSubject): readonly string[] {
  return typeof value === 'string' ? records.othersLike(value) : []
}

function changeEach(
  subject: LintSubject,
  kind: string,
  others: (leaf: Leaf) => Iterable<JsonValue>,
): readonly Mutant[] {
  return subject.steps.filter(isConcreteCall).flatMap((step) => {
    const tool = subject.tools[step.step.call]
    return leavesOf(step.step.args, tool?.input)
      .filter(({ path }) => path[0] !== tool?.idempotency)
      .flatMap((leaf) => {
        const changed = bestOf(subject, { step, leaf, values: others(leaf) })
        return changed === undefined ? [] : [mutantWith(subject, { kind, step, leaf, ...changed })]
      })
  })
}

interface Changed {
  readonly value: JsonValue
  readonly args: JsonObject
  readonly prospect?: Prospect
}

interface Attempt {
  readonly step: ConcreteCall
  readonly leaf: Leaf
  readonly values: Iterable<JsonValue>
}

/**
 * The first value with which the call still does what it did. Otherwise the first that the tool
 * takes at all: such a mutant is caught easily, because its call comes to nothing.
 */
function bestOf(subject: LintSubject, { leaf, step, values }: Attempt): Changed | undefined {
  let first: Changed | undefined
  let tried = 0
  for (const value of values) {
    const changed = { value, args: withLeaf(step.step.args, leaf.path, value) }
    if (!isWorthTrying(subject, step, { ...changed, argument: leaf.path[0] ?? '' })) continue
    if (step.view.status !== 'ok') return changed
    const prospect = subject.probe.insteadOf(step, changed.args)
    if (prospect !== 'fails') return { ...changed, prospect }
    first ??= changed
    tried += 1
    if (tried === mostTried) break
  }
  return first
}

function isWorthTrying(
  { evalCase, world }: LintSubject,
  { step: { call: tool } }: ConcreteCall,
  { args, argument }: Changed & { readonly argument: string },
): boolean {
  if (isGranted(evalCase.expect, { tool, argument, value: args[argument] ?? null })) return false
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
