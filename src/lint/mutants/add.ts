import { describeCall } from '../../graders/describe.ts'
import { compileArguments } from '../../graders/match-arguments.ts'
import { isWriteProposal, wasHandedOver } from '../../graders/trial-view.ts'
import type { Expectation } from '../../schema/expect.ts'
import type { JsonObject } from '../../schema/json.ts'
import { entriesByName } from '../by-name.ts'
import { type ConcreteCall, isConcreteCall, stepsOf } from '../concrete-oracle.ts'
import { leavesOf, withLeaf } from '../leaves.ts'
import type { LintSubject } from '../lint-subject.ts'
import { lowestTier } from '../lowest-tier.ts'
import type { PlayCall } from '../play-step.ts'
import type { Prospect } from '../probe.ts'
import { synthesiseArguments } from '../synthesise.ts'
import type { Mutant, MutantKind } from './mutant.ts'
import { otherRecords } from './other-records.ts'

/** Other records tried for a call of the oracle. */
const mostRecords = 3

type Candidate = Pick<PlayCall, 'call' | 'args'>

/**
 * Does everything, and one write that nobody asked for: once with a tool of the oracle on another
 * record, once with another tool. Each is the first that takes effect and that the case does not
 * allow with these very arguments.
 */
export const add: MutantKind = {
  id: 'add',
  mutate(subject) {
    const calls = subject.steps.filter(isConcreteCall)
    const writes = calls.filter(({ view }) => view.tookEffect)
    const own = new Set(writes.map(({ step }) => step.call))
    const works = isNew(subject, 'works')
    const waits = isNew(subject, 'waits')
    const again = firstOf(onOtherRecords(subject, writes), works)
    const other = firstOf(withOtherTools(subject, own), works)
    const asked =
      again === undefined ? firstOf(onOtherRecords(subject, proposals(subject)), waits) : undefined
    return [
      ...(again === undefined ? [] : [mutantWith(subject, again, 'works')]),
      ...(asked === undefined ? [] : [mutantWith(subject, asked, 'waits')]),
      ...(other === undefined ? [] : [mutantWith(subject, other, 'works')]),
    ]
  },
}

function mutantWith({ steps }: LintSubject, added: Candidate, prospect: Prospect): Mutant {
  const lastWords = steps.findLastIndex((step) => !isConcreteCall(step))
  const end = lastWords === -1 ? steps.length : lastWords
  const { args, call: tool } = added
  const made = { ...added, reason: 'it seemed useful' }
  const works = prospect === 'works'
  return {
    name: `add:${tool}`,
    path: ['oracle'],
    does: `also ${works ? 'calls' : 'asks a person for'} ${describeCall({ tool, args })}`,
    hint: works
      ? `give every entry of effects for ${tool} its arguments, or take it out`
      : `say how often it is asked for: calls with ${tool} and count: 1`,
    steps: [...stepsOf(steps.slice(0, end)), made, ...stepsOf(steps.slice(end))],
    ...(works && { makes: { call: made, after: end } }),
  }
}

function firstOf(
  candidates: Iterable<Candidate>,
  works: (candidate: Candidate) => boolean,
): Candidate | undefined {
  for (const candidate of candidates) if (works(candidate)) return candidate
  return undefined
}

/** What the oracle hands to a person, of tools whose proposals the case looks at. */
function proposals({ evalCase: { expect }, steps }: LintSubject): readonly ConcreteCall[] {
  const visible = new Set((expect.calls ?? []).map(({ tool }) => tool))
  return steps
    .filter(isConcreteCall)
    .filter(({ view }) => isWriteProposal(view) && wasHandedOver(view) && visible.has(view.tool))
}

/** The oracle's own writes, about something else. */
function* onOtherRecords(
  { records, tools }: LintSubject,
  writes: readonly ConcreteCall[],
): Generator<Candidate> {
  for (const { step } of writes) {
    for (const { path, value } of leavesOf(step.args, tools[step.call]?.input)) {
      const others = otherRecords({ value }, records)
      for (const other of others.slice(0, mostRecords)) {
        yield { call: step.call, args: withLeaf(step.args, path, other) }
      }
    }
  }
}

/** The weightiest tools first, of equals the first by name. */
function* withOtherTools(
  { reach, tools, world }: LintSubject,
  own: ReadonlySet<string>,
): Generator<Candidate> {
  const weightiest = [...entriesByName(tools)].sort(
    ([, one], [, other]) => lowestTier(other) - lowestTier(one),
  )
  for (const [call, tool] of weightiest) {
    const fits = world.tools.get(call)?.input
    if (tool.effect === 'read' || own.has(call) || fits === undefined) continue
    const args = synthesiseArguments(tool.input, reach, fits)
    if (args !== undefined) yield { call, args }
  }
}

/** Whether a call would come to something after all that the oracle did, and is not granted. */
function isNew(subject: LintSubject, wanted: Prospect): (candidate: Candidate) => boolean {
  const { evalCase, probe, world } = subject
  const granted = grantedCalls(evalCase.expect)
  return ({ args, call }) => {
    const tool = world.tools.get(call)
    if (tool === undefined || tool.input(args).length > 0 || granted(call, args)) return false
    return probe.atTheEnd(call, args) === wanted
  }
}

/** Calls that the case requires or allows by their arguments; a tool allowed whole grants nothing. */
function grantedCalls({ effects }: Expectation): (tool: string, args: JsonObject) => boolean {
  const limited = [...(effects?.required ?? []), ...(effects?.allowed ?? [])]
    .filter(({ args }) => Object.keys(args ?? {}).length > 0)
    .map(({ tool, args }) => ({ tool, mismatches: compileArguments(args) }))
  return (tool, args) =>
    limited.some((effect) => effect.tool === tool && effect.mismatches(args).length === 0)
}
