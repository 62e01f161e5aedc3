import { describeCall } from '../../graders/describe.ts'
import { isWriteProposal, wasHandedOver } from '../../graders/trial-view.ts'
import type { JsonObject } from '../../schema/json.ts'
import { type ConcreteCall, isConcreteCall } from '../concrete-oracle.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { MutantKind } from './mutant.ts'
import { nearby } from './other-values.ts'

/** Keys that no oracle uses; the first that fits the tool's schema is taken, else one like its own. */
const freshKeys = [
  'again-7f3a9c',
  '7f3a9c21-0b6d-4e58-9a77-5d1c2e8b4f60',
  'again-7f3a9c21-0b6d-4e58-9a77-5d1c2e8b4f60',
  '73921',
]

/**
 * Makes a write once more, with a fresh idempotency key, so that it takes effect again; one that went
 * to a person is asked for again.
 */
export const double: MutantKind = {
  id: 'double',
  mutate(subject) {
    return subject.steps
      .filter(isConcreteCall)
      .filter(({ view }) => view.tookEffect || (isWriteProposal(view) && wasHandedOver(view)))
      .map((doubled) => {
        const { call } = doubled.step
        const again = { ...doubled.step, args: withFreshKey(subject, doubled) }
        const [verb, once] = doubled.view.tookEffect
          ? ['calls', `allow it once: effects.required with ${call}`]
          : ['asks a person for', `ask for it once: calls with ${call}`]
        return {
          name: `double:${doubled.number}`,
          path: ['oracle', doubled.number - 1],
          does: `${verb} ${words(subject, doubled)} twice`,
          hint: `${once}, its arguments and count: 1`,
          steps: subject.steps.flatMap((one) => (one === doubled ? [one.step, again] : [one.step])),
          repeats: doubled.step,
          ...(subject.probe.after(doubled, again.args) === 'works' && {
            makes: { call: again, after: doubled.number },
          }),
        }
      })
  },
}

function withFreshKey({ tools, world }: LintSubject, { step }: ConcreteCall): JsonObject {
  const key = tools[step.call]?.idempotency
  if (key === undefined || step.args[key] === undefined) return step.args
  const fits = world.tools.get(step.call)?.input
  const own = step.args[key]
  const keys = [...freshKeys, ...(typeof own === 'string' ? nearby(own) : [])]
  const candidates = keys.map((fresh) => ({ ...step.args, [key]: fresh }))
  return candidates.find((args) => fits?.(args).length === 0) ?? step.args
}

function words({ steps }: LintSubject, { step }: ConcreteCall): string {
  const sameTool = steps.filter((other) => isConcreteCall(other) && other.step.call === step.call)
  return sameTool.length === 1 ? step.call : describeCall({ tool: step.call, args: step.args })
}
