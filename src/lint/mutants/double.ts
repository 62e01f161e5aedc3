import { describeCall } from '../../graders/describe.ts'
import type { JsonObject } from '../../schema/json.ts'
import { type ConcreteCall, isConcreteCall } from '../concrete-oracle.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { MutantKind } from './mutant.ts'

/** Keys that no oracle uses; the first that fits the tool's schema is taken. */
const freshKeys = [
  'again-7f3a9c',
  '7f3a9c21-0b6d-4e58-9a77-5d1c2e8b4f60',
  'again-7f3a9c21-0b6d-4e58-9a77-5d1c2e8b4f60',
  '73921',
]

/** Makes a write once more, with a fresh idempotency key, so that it takes effect again. */
export const double: MutantKind = {
  id: 'double',
  mutate(subject) {
    return subject.steps
      .filter(isConcreteCall)
      .filter(({ view }) => view.tookEffect)
      .map((doubled) => {
        const again = { ...doubled.step, args: withFreshKey(subject, doubled) }
        return {
          name: `double:${doubled.number}`,
          path: ['oracle', doubled.number - 1],
          does: `calls ${words(subject, doubled)} twice`,
          hint: `allow it once: effects.required with ${doubled.step.call}, its arguments and count: 1`,
          steps: subject.steps.flatMap((one) => (one === doubled ? [one.step, again] : [one.step])),
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
  const candidates = freshKeys.map((fresh) => ({ ...step.args, [key]: fresh }))
  return candidates.find((args) => fits?.(args).length === 0) ?? step.args
}

function words({ steps }: LintSubject, { step }: ConcreteCall): string {
  const sameTool = steps.filter((other) => isConcreteCall(other) && other.step.call === step.call)
  return sameTool.length === 1 ? step.call : describeCall({ tool: step.call, args: step.args })
}
