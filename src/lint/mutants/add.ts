import { describeCall } from '../../graders/describe.ts'
import { compileArguments } from '../../graders/match-arguments.ts'
import type { Expectation } from '../../schema/expect.ts'
import type { JsonObject } from '../../schema/json.ts'
import { type ConcreteCall, isConcreteCall, stepsOf } from '../concrete-oracle.ts'
import { leavesOf, withLeaf } from '../leaves.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { PlayCall } from '../play-step.ts'
import { synthesiseArguments } from '../synthesise.ts'
import type { Mutant, MutantKind } from './mutant.ts'

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
    const writes = subject.steps.filter(isConcreteCall).filter(({ view }) => view.tookEffect)
    const own = new Set(writes.map(({ step }) => step.call))
    const works = effectiveness(subject)
    return [
      firstOf(onOtherRecords(subject, writes), works),
      firstOf(withOtherTools(subject, own), works),
    ].flatMap((added) => (added === undefined ? [] : [mutantWith(subject, added)]))
  },
}

function mutantWith({ steps }: LintSubject, added: Candidate): Mutant {
  const lastWords = steps.findLastIndex((step) => !isConcreteCall(step))
  const end = lastWords === -1 ? steps.length : lastWords
  const { args, call: tool } = added
  const made = { ...added, reason: 'it seemed useful' }
  return {
    name: `add:${tool}`,
    path: ['oracle'],
    does: `also calls ${describeCall({ tool, args })}`,
    hint: `give every entry of effects for ${tool} its arguments, or take it out`,
    steps: [...stepsOf(steps.slice(0, end)), made, ...stepsOf(steps.slice(end))],
    makes: { call: made, after: end },
  }
}

function firstOf(
  candidates: Iterable<Candidate>,
  works: (candidate: Candidate) => boolean,
): Candidate | undefined {
  for (const candidate of candidates) if (works(candidate)) return candidate
  return undefined
}

/** The oracle's own writes, about something else. */
function* onOtherRecords(
  { records, tools }: LintSubject,
  writes: readonly ConcreteCall[],
): Generator<Candidate> {
  for (const { step } of writes) {
    for (const { path, value } of leavesOf(step.args, tools[step.call]?.input)) {
      const others = typeof value === 'string' ? records.othersLike(value) : []
      for (const other of others.slice(0, mostRecords)) {
        yield { call: step.call, args: withLeaf(step.args, path, other) }
      }
    }
  }
}

function* withOtherTools(
  { reach, tools, world }: LintSubject,
  own: ReadonlySet<string>,
): Generator<Candidate> {
  for (const [call, tool] of Object.entries(tools)) {
    const fits = world.tools.get(call)?.input
    if (tool.effect === 'read' || own.has(call) || fits === undefined) continue
    const args = synthesiseArguments(tool.input, reach, fits)
    if (args !== undefined) yield { call, args }
  }
}

/** Whether a call would do something after all that the oracle did, and is not granted. */
function effectiveness(subject: LintSubject): (candidate: Candidate) => boolean {
  const { evalCase, probe, world } = subject
  const granted = grantedCalls(evalCase.expect)
  return ({ args, call }) => {
    const tool = world.tools.get(call)
    if (tool === undefined || tool.input(args).length > 0 || granted(call, args)) return false
    return probe.atTheEnd(call, args) === 'works'
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
